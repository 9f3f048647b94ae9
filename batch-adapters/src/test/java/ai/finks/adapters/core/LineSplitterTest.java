package ai.finks.adapters.core;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class LineSplitterTest {

  @Test
  void lineEndsAndTheByteOrderMarkAreNotPartOfALine() throws Exception {
    assertThat(lines("\uFEFFa,b\r\n1,2\n\r\n\n 3 ,4\r\n5"))
        .containsExactly("1:a,b", "2:1,2", "5: 3 ,4", "6:5");
  }

  @Test
  void nothingHoldsNoLines() throws Exception {
    assertThat(lines("")).isEmpty();
    assertThat(lines("\uFEFF")).isEmpty();
    assertThat(lines("\n\r\n")).isEmpty();
  }

  @Test
  void aCarriageReturnInsideALineStays() throws Exception {
    assertThat(lines("a\rb\n")).containsExactly("1:a\rb");
  }

  @Test
  void bytesThatAreNotUtf8PassUntouched() throws Exception {
    byte[] bytes = {(byte) 0xE9, 0, (byte) 0xFF, '\n', (byte) 0xEF, (byte) 0xBB};
    LineSplitter splitter = new LineSplitter(new ByteArrayInputStream(bytes), 100);
    assertThat(splitter.next()).isTrue();
    assertThat(splitter.payload()).containsExactly(0xE9, 0, 0xFF);
    assertThat(splitter.next()).isTrue();
    assertThat(splitter.payload()).containsExactly(0xEF, 0xBB);
  }

  @Test
  void aLineOverTheLimitIsSkippedInBoundedMemory() throws Exception {
    long length = 300L << 20;
    InputStream endless = new EndlessLine(length, "\r\nnext\n");
    LineSplitter splitter = new LineSplitter(endless, 1 << 20);

    assertThat(splitter.next()).isTrue();
    assertThat(splitter.oversize()).isTrue();
    assertThat(splitter.size()).isBetween(length, length + 1);
    assertThat(splitter.next()).isTrue();
    assertThat(new String(splitter.payload(), UTF_8)).isEqualTo("next");
    assertThat(splitter.buffer.length).isLessThan(8 << 20);
  }

  @Property(tries = 2000)
  void linesAreThoseOfThePlainDefinition(@ForAll("texts") String text, @ForAll("seeds") long seed)
      throws Exception {
    byte[] bytes = text.getBytes(ISO_8859_1);
    List<String> expected = new ArrayList<>();
    String[] parts = text.split("\n", -1);
    for (int i = 0; i < parts.length; i++) {
      String line =
          parts[i].endsWith("\r") ? parts[i].substring(0, parts[i].length() - 1) : parts[i];
      if (!line.isEmpty()) {
        expected.add((i + 1) + ":" + (line.length() > 10 ? "over" : line));
      }
    }

    List<String> actual =
        drain(new LineSplitter(new JsonArraySplitterTest.Trickle(bytes, seed), 10));

    assertThat(actual).isEqualTo(expected);
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withChars("ab\r\n\u00e9,\"").ofMaxLength(60);
  }

  @Provide
  Arbitrary<Long> seeds() {
    return Arbitraries.longs();
  }

  private static List<String> lines(String text) throws IOException {
    return drain(new LineSplitter(new ByteArrayInputStream(text.getBytes(UTF_8)), 1000));
  }

  private static List<String> drain(LineSplitter splitter) throws IOException {
    List<String> lines = new ArrayList<>();
    while (splitter.next()) {
      String text = splitter.oversize() ? "over" : new String(splitter.payload(), ISO_8859_1);
      lines.add(splitter.sequence() + ":" + text);
    }
    return lines;
  }

  /** A line of {@code length} x's, then a tail, without holding it. */
  private static final class EndlessLine extends InputStream {
    private long left;
    private final InputStream tail;

    EndlessLine(long length, String tail) {
      this.left = length;
      this.tail = new ByteArrayInputStream(tail.getBytes(UTF_8));
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (left == 0) {
        return tail.read(into, offset, length);
      }
      int count = (int) Math.min(left, length);
      java.util.Arrays.fill(into, offset, offset + count, (byte) 'x');
      left -= count;
      return count;
    }
  }
}
