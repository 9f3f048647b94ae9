package ai.finks.adapters.core;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.finks.adapters.core.MalformedContentException.Kind;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonArraySplitterTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Test
  void elementsKeepTheirExactText() throws Exception {
    assertThat(
            split(
                "\uFEFF \n[ {\"a\" : 1.50 ,\r\n \"b\":\"}]\\\"\\\\\"} ,[ ], 1e5\t,null , \"x\"]\n"))
        .containsExactly(
            "{\"a\" : 1.50 ,\r\n \"b\":\"}]\\\"\\\\\"}", "[ ]", "1e5", "null", "\"x\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", " [ ] ", "\uFEFF[\n]\n"})
  void anEmptyArrayHasNoElements(String text) throws Exception {
    assertThat(split(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "``~TRUNCATED",
        "`  `~TRUNCATED",
        "[~TRUNCATED",
        "[1~TRUNCATED",
        "[1,~TRUNCATED",
        "[{\"a\":1}~TRUNCATED",
        "[{\"a\":\"x~TRUNCATED",
        "[{\"a\":\"x\\~TRUNCATED",
        "[{\"a\":[1,2]~TRUNCATED",
        "{\"Error Message\":\"no\"}~NOT_AN_ARRAY",
        "<html>~NOT_AN_ARRAY",
        "[1,]~BROKEN",
        "[,1]~BROKEN",
        "[1 2]~BROKEN",
        "[{\"a\":[1}]~BROKEN",
        "[}]~BROKEN",
        "[1\"x\"]~BROKEN",
        "[1][2]~BROKEN",
        "[1]x~BROKEN",
      })
  void contentThatIsNotAWholeArrayIsRefusedWithItsKind(String text, Kind kind) {
    assertThatThrownBy(() -> split(text))
        .isInstanceOfSatisfying(
            MalformedContentException.class, e -> assertThat(e.kind()).isEqualTo(kind));
  }

  @Test
  void bytesThatAreNotUtf8PassUntouched() throws Exception {
    byte[] bytes = "[{\"a\":\"\u00e9\u00ff\"}]".getBytes(ISO_8859_1);
    JsonArraySplitter splitter = new JsonArraySplitter(new ByteArrayInputStream(bytes), 100);

    assertThat(splitter.next()).isTrue();

    assertThat(splitter.payload()).isEqualTo(Arrays.copyOfRange(bytes, 1, bytes.length - 1));
  }

  @Test
  void anElementOverTheLimitIsSkippedAndTheOthersAreKept() throws Exception {
    String large = "\"" + "x".repeat(3_000_000) + "\"";
    JsonArraySplitter splitter = over("[1," + large + ",{\"b\":2}]", 1000);

    assertThat(splitter.next()).isTrue();
    assertThat(splitter.next()).isTrue();
    assertThat(splitter.oversize()).isTrue();
    assertThat(splitter.size()).isEqualTo(large.length());
    assertThat(splitter.next()).isTrue();

    assertThat(splitter.oversize()).isFalse();
    assertThat(splitter.sequence()).isEqualTo(2);
    assertThat(new String(splitter.payload(), UTF_8)).isEqualTo("{\"b\":2}");
    assertThat(splitter.next()).isFalse();
  }

  @Test
  void anElementOfExactlyTheLimitIsKept() throws Exception {
    JsonArraySplitter splitter = over("[\"123456\",\"1234567\"]", 8);
    assertThat(splitter.next()).isTrue();
    assertThat(splitter.oversize()).isFalse();
    assertThat(splitter.next()).isTrue();
    assertThat(splitter.oversize()).isTrue();
  }

  @Test
  void deepNestingIsAnElementLikeAnyOther() throws Exception {
    String deep = "[".repeat(100_000) + "]".repeat(100_000);
    assertThat(split("[" + deep + "]")).containsExactly(deep);
  }

  @Property(tries = 2000)
  void boundariesAreThoseThatJacksonSees(@ForAll("arrays") String json, @ForAll("seeds") long seed)
      throws Exception {
    assertThat(split(json, seed)).isEqualTo(jacksonElements(json));
  }

  @Property(tries = 1000)
  void aTruncatedArrayIsNeverTakenForAWholeOne(
      @ForAll("arrays") String json, @ForAll("seeds") long seed) {
    byte[] whole = json.getBytes(UTF_8);
    int cut = Math.floorMod((int) seed, json.stripTrailing().getBytes(UTF_8).length);
    JsonArraySplitter splitter =
        new JsonArraySplitter(new Trickle(Arrays.copyOf(whole, cut), seed), 1 << 20);

    assertThatThrownBy(() -> drain(splitter))
        .isInstanceOfSatisfying(
            MalformedContentException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TRUNCATED));
  }

  @Property(tries = 2000)
  void noInputMakesItFailInAnUnknownWay(@ForAll byte[] noise, @ForAll("seeds") long seed)
      throws IOException {
    byte[] bytes = new byte[noise.length + 1];
    bytes[0] = '[';
    System.arraycopy(noise, 0, bytes, 1, noise.length);
    try {
      drain(new JsonArraySplitter(new Trickle(bytes, seed), 64));
    } catch (MalformedContentException e) {
      assertThat(e.kind()).isNotNull();
    }
  }

  @Provide
  Arbitrary<String> arrays() {
    Arbitrary<Object> scalars =
        Arbitraries.oneOf(
            Arbitraries.strings().ofMaxLength(20).map(s -> (Object) s),
            Arbitraries.strings()
                .withChars("{}[]\",:\\\n \u00e9\u20ac")
                .ofMaxLength(12)
                .map(s -> s),
            Arbitraries.integers().map(i -> i),
            Arbitraries.doubles().map(d -> d),
            Arbitraries.of(true, false));
    Arbitrary<Object> values =
        Arbitraries.lazyOf(
            () -> scalars,
            () -> scalars,
            () -> scalars.list().ofMaxSize(3).map(l -> l),
            () ->
                Arbitraries.maps(Arbitraries.strings().ofMaxLength(5), scalars)
                    .ofMaxSize(4)
                    .map(m -> m),
            () ->
                Arbitraries.maps(
                        Arbitraries.strings().alpha().ofMaxLength(3),
                        scalars.list().ofMaxSize(3).list().ofMaxSize(2))
                    .ofMaxSize(3)
                    .map(m -> m));
    return values
        .list()
        .ofMaxSize(12)
        .flatMap(list -> Arbitraries.of(true, false).map(pretty -> render(list, pretty)));
  }

  @Provide
  Arbitrary<Long> seeds() {
    return Arbitraries.longs();
  }

  private static String render(Object value, boolean pretty) {
    try {
      return pretty
          ? MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value)
          : MAPPER.writeValueAsString(value);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> jacksonElements(String json) throws IOException {
    byte[] bytes = json.getBytes(UTF_8);
    List<String> elements = new ArrayList<>();
    try (JsonParser parser = new JsonFactory().createParser(bytes)) {
      assertThat(parser.nextToken()).isEqualTo(JsonToken.START_ARRAY);
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        int from = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        parser.finishToken();
        int to = (int) parser.currentLocation().getByteOffset();
        // Jackson's location is one too far behind a number, which it must look beyond.
        elements.add(new String(bytes, from, to - from, UTF_8).replaceAll("[,\\]\\s]+$", ""));
        if (parser.currentToken().isStructEnd()) {
          elements.set(elements.size() - 1, new String(bytes, from, to - from, UTF_8));
        } else if (parser.currentToken() == JsonToken.VALUE_STRING) {
          elements.set(elements.size() - 1, new String(bytes, from, to - from, UTF_8));
        }
      }
    }
    return elements;
  }

  private static List<String> split(String text) throws IOException {
    return drain(over(text, 1 << 20));
  }

  private static List<String> split(String text, long seed) throws IOException {
    return drain(new JsonArraySplitter(new Trickle(text.getBytes(UTF_8), seed), 1 << 20));
  }

  private static JsonArraySplitter over(String text, int maxElementBytes) {
    return new JsonArraySplitter(new ByteArrayInputStream(text.getBytes(UTF_8)), maxElementBytes);
  }

  private static List<String> drain(JsonArraySplitter splitter) throws IOException {
    List<String> elements = new ArrayList<>();
    while (splitter.next()) {
      assertThat(splitter.sequence()).isEqualTo(elements.size());
      elements.add(splitter.oversize() ? "" : new String(splitter.payload(), UTF_8));
    }
    return elements;
  }

  /** Hands out its bytes in pieces of random size, as a socket does. */
  static final class Trickle extends ByteArrayInputStream {
    private final Random random;

    Trickle(byte[] bytes, long seed) {
      super(bytes);
      this.random = new Random(seed);
    }

    @Override
    public synchronized int read(byte[] into, int offset, int length) {
      return super.read(into, offset, Math.min(length, 1 + random.nextInt(7)));
    }
  }
}
