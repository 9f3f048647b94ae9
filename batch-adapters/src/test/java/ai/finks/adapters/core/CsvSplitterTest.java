package ai.finks.adapters.core;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
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

class CsvSplitterTest {
  private static final int NO_LIMIT = 1000;

  @Test
  void aLineEndInQuotesIsPartOfTheRecord() throws Exception {
    assertThat(records("a,b\r\n1,\"two\r\nlines\"\r\n\n\"\n\n\",2\n3,4"))
        .containsExactly("1:a,b", "2:1,\"two\r\nlines\"", "5:\"\n\n\",2", "8:3,4");
  }

  @Test
  void twoQuotesInAQuotedCellAreOneCharacterOfIt() throws Exception {
    assertThat(records("\"a\"\"\n\"\"b\",c\n\"\"\nd"))
        .containsExactly("1:\"a\"\"\n\"\"b\",c", "3:\"\"", "4:d");
  }

  @Test
  void aQuoteInsideACellOpensNothing() throws Exception {
    assertThat(records("5\" disk,1\na \"b\n2")).containsExactly("1:5\" disk,1", "2:a \"b", "3:2");
  }

  @Test
  void aQuoteThatNothingClosesCostsItsOwnLineOnly() throws Exception {
    assertThat(records("\"a,1\nb,2\nc,3")).containsExactly("1:\"a,1", "2:b,2", "3:c,3");
    assertThat(records("\"a,1\nb,2\n\"c\",3")).containsExactly("1:\"a,1", "2:b,2", "3:\"c\",3");
  }

  @Test
  void aClosingQuoteIsNotLookedForWithoutBound() throws Exception {
    String far = "\"a,1\n" + "b,2\n".repeat(600_000) + "\",c\n";

    List<String> records = drain(new CsvSplitter(stream(far), 16 << 20));

    assertThat(records).hasSize(600_002).startsWith("1:\"a,1", "2:b,2");
    assertThat(records.get(600_001)).isEqualTo("600002:\",c");
  }

  @Test
  void aRecordOverTheLimitIsReportedAndTheNextOneIsWhole() throws Exception {
    String text = "a\n" + "x".repeat(50) + ",\"1\"\nb,\"2\n3\"\n";

    assertThat(drain(new CsvSplitter(new JsonArraySplitterTest.Trickle(bytes(text), 1), 20)))
        .containsExactly("1:a", "2:over", "3:b,\"2\n3\"");
  }

  @Property(tries = 2000)
  void whereTheReadsEndChangesNothing(@ForAll("texts") String text, @ForAll long seed)
      throws Exception {
    assertThat(drain(new CsvSplitter(new JsonArraySplitterTest.Trickle(bytes(text), seed), 1000)))
        .isEqualTo(records(text));
  }

  @Property(tries = 2000)
  void textWithoutQuotesIsCutIntoItsLines(@ForAll("texts") String text) throws Exception {
    String plain = text.replace('"', 'q');

    assertThat(records(plain)).isEqualTo(drain(new LineSplitter(stream(plain), NO_LIMIT)));
  }

  @Property(tries = 2000)
  void noByteIsLostButLineEnds(@ForAll("texts") String text) throws Exception {
    StringBuilder all = new StringBuilder();
    for (String record : records(text)) {
      all.append(record.substring(record.indexOf(':') + 1));
    }

    assertThat(all.toString().replaceAll("[\r\n]", "")).isEqualTo(text.replaceAll("[\r\n]", ""));
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withChars("a,\"\"\r\n\n").ofMaxLength(60);
  }

  private static List<String> records(String text) throws IOException {
    return drain(new CsvSplitter(stream(text), NO_LIMIT));
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(bytes(text));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  private static List<String> drain(RecordSplitter splitter) throws IOException {
    List<String> records = new ArrayList<>();
    while (splitter.next()) {
      String text = splitter.oversize() ? "over" : new String(splitter.payload(), ISO_8859_1);
      records.add(splitter.sequence() + ":" + text);
    }
    return records;
  }
}
