package ai.finks.schemas.payload;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.schemas.binding.Format;
import ai.finks.schemas.binding.Locator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordReaderTest {

  private final RecordReader json =
      RecordReader.of(
          Format.JSON,
          List.of(pointer("/a"), pointer("/n/x"), pointer("/l/1"), pointer("/a~1b"), pointer("/")),
          List.of("/skip"));
  private final RecordReader csv =
      RecordReader.of(
          Format.CSV,
          List.of(
              Locator.of(Locator.Kind.COLUMN, "a"),
              Locator.of(Locator.Kind.COLUMN, "b"),
              Locator.of(Locator.Kind.ATTRIBUTE, "file")
                  .withPattern(Pattern.compile("/([^/]+)\\.csv$"))),
          List.of("c"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":1}                         | NUMBER:1",
        "{\"a\":1.50e3}                    | NUMBER:1.50e3",
        "{\"a\":\"x\\u0041\"}             | TEXT:xA",
        "{\"a\":true}                      | TRUE:",
        "{\"a\":null}                      | NULL:",
        "{\"a\":{\"b\":1}}                 | OBJECT:",
        "{\"a\":[1]}                       | ARRAY:",
        "{}                                | ABSENT:",
        "[]                                | BLOCKED:",
        "7                                 | BLOCKED:",
        " {\"b\":{\"a\":2},\"a\" : 1 }     | NUMBER:1",
        "{\"a\":123456789012345678901234567890.123} | NUMBER:123456789012345678901234567890.123",
      })
  void jsonValueIsFoundAsItIsWritten(String payload, String expected) {
    assertThat(json.read(utf8(payload), Map.of())).isNull();

    assertThat(slot(json, 0)).isEqualTo(expected);
  }

  @Test
  void nestedAndEscapedPlacesAreFound() {
    byte[] payload = utf8("{\"n\":{\"x\":\"deep\"},\"l\":[0,\"one\",2],\"a/b\":3,\"\":4}");

    assertThat(json.read(payload, Map.of())).isNull();

    assertThat(List.of(slot(json, 1), slot(json, 2), slot(json, 3), slot(json, 4)))
        .containsExactly("TEXT:deep", "TEXT:one", "NUMBER:3", "NUMBER:4");
  }

  @Test
  void wayThatEndsEarlyIsNotTheSameAsNoValue() {
    assertThat(json.read(utf8("{\"n\":5,\"l\":null}"), Map.of())).isNull();

    assertThat(slot(json, 1)).isEqualTo("BLOCKED:");
    assertThat(slot(json, 2)).isEqualTo("ABSENT:");
  }

  @Test
  void unknownMembersAreNamedAndIgnoredOnesAreNot() {
    assertThat(json.read(utf8("{\"b\":1,\"skip\":{\"c\":1},\"n\":{\"y\":1}}"), Map.of())).isNull();

    assertThat(json.slots().unknown()).containsExactly("b", "n/y");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``                    | MALFORMED",
        "`  `                  | MALFORMED",
        "{\"a\":1              | MALFORMED",
        "{\"a\":1}}            | MALFORMED",
        "{\"a\":1} {\"a\":2}   | MALFORMED",
        "{'a':1}               | MALFORMED",
        "{\"a\":NaN}           | MALFORMED",
        "{\"a\":01}            | MALFORMED",
        "{\"a\":1,}            | MALFORMED",
        "<html></html>         | MALFORMED",
        "{\"a\":1,\"a\":2}     | DUPLICATE_MEMBER",
        "{\"n\":{\"x\":1,\"x\":2}} | DUPLICATE_MEMBER",
      })
  void brokenJsonIsAFlaw(String payload, PayloadFlaw flaw) {
    assertThat(json.read(utf8(payload), Map.of())).isEqualTo(flaw);
  }

  @Test
  void whatIsTooLargeTooDeepOrNotUtf8IsAFlaw() {
    assertThat(json.read(new byte[10_000_000], Map.of())).isEqualTo(PayloadFlaw.TOO_LARGE);
    for (String open : List.of("[", "{\"b\":")) {
      assertThat(json.read(utf8("{\"b\":" + open.repeat(100_000)), Map.of()))
          .isEqualTo(PayloadFlaw.TOO_DEEP);
    }
    assertThat(json.read(utf8("{\"n\":" + "[".repeat(100_000)), Map.of()))
        .isEqualTo(PayloadFlaw.TOO_DEEP);
    for (int[] broken :
        new int[][] {{0xFF}, {0xC3}, {0xC0, 0x80}, {0xED, 0xA0, 0x80}, {0xF5, 0x80, 0x80, 0x80}}) {
      byte[] payload = utf8("{\"a\":\"????\"}");
      for (int i = 0; i < broken.length; i++) {
        payload[6 + i] = (byte) broken[i];
      }
      assertThat(json.read(payload, Map.of())).isEqualTo(PayloadFlaw.NOT_UTF8);
    }
  }

  @Test
  void otherEncodingsAreNoJsonOfOurs() {
    for (String charset : List.of("UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE")) {
      byte[] payload = "{\"a\":1}".getBytes(java.nio.charset.Charset.forName(charset));
      assertThat(json.read(payload, Map.of())).isEqualTo(PayloadFlaw.MALFORMED);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "1,2,3              | TEXT:1    | TEXT:2",
        "1,,3               | TEXT:1    | TEXT:",
        "\"1,5\",\"a\"\"b\",3 | TEXT:1,5 | TEXT:a\"b",
        "5\" pipe,é,3       | TEXT:5\" pipe | TEXT:é",
        "\"\",\"\",         | TEXT:     | TEXT:",
      })
  void csvCellsAreFound(String line, String first, String second) {
    assertThat(csv.read(utf8(line), Map.of("header", "a,b,c"))).isNull();

    assertThat(slot(csv, 0)).isEqualTo(first);
    assertThat(slot(csv, 1)).isEqualTo(second);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "1,2        | a,b,c   | MALFORMED",
        "1,2,3,4    | a,b,c   | MALFORMED",
        "1,\"2,3    | a,b,c   | MALFORMED",
        "1,\"2\"x,3 | a,b,c   | MALFORMED",
        "1,2,3      | a,b,a   | DUPLICATE_MEMBER",
        "1,2,3      | a,\"b,c | MALFORMED",
      })
  void brokenCsvIsAFlaw(String line, String header, PayloadFlaw flaw) {
    assertThat(csv.read(utf8(line), Map.of("header", header))).isEqualTo(flaw);
  }

  @Test
  void csvKnowsItsHeaderItsLineEndAndItsUnknownColumns() {
    assertThat(csv.read(utf8("1"), Map.of())).isEqualTo(PayloadFlaw.HEADER_MISSING);
    assertThat(csv.read(utf8("1\n2,3,4"), Map.of("header", "a,b,c")))
        .isEqualTo(PayloadFlaw.MALFORMED);
    assertThat(csv.read(utf8("9,\"1\n2\",8\r\n"), Map.of("header", "\uFEFFx,b, a "))).isNull();
    assertThat(slot(csv, 0)).isEqualTo("TEXT:8");
    assertThat(slot(csv, 1)).isEqualTo("TEXT:1\n2");
    assertThat(csv.slots().unknown()).containsExactly("x");
  }

  @Test
  void fileNamePatternTakesItsGroup() {
    Map<String, String> attributes = Map.of("header", "a,b", "file", "in/AAPL.csv");

    assertThat(csv.read(utf8("1,2"), attributes)).isNull();
    assertThat(slot(csv, 2)).isEqualTo("TEXT:AAPL");
    assertThat(csv.read(utf8("1,2"), Map.of("header", "a,b", "file", "AAPL.txt"))).isNull();
    assertThat(slot(csv, 2)).isEqualTo("ABSENT:");
  }

  @Property(tries = 500)
  void everyCellSurvivesQuoting(@ForAll @Size(value = 2) List<String> cells) {
    List<String> quoted = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (String cell : cells) {
      String valid = new String(utf8(cell), StandardCharsets.UTF_8);
      expected.add("TEXT:" + valid);
      quoted.add('"' + valid.replace("\"", "\"\"") + '"');
    }

    assertThat(csv.read(utf8(String.join(",", quoted)), Map.of("header", "a,b"))).isNull();

    assertThat(List.of(slot(csv, 0), slot(csv, 1))).isEqualTo(expected);
  }

  @Property(tries = 5_000)
  void noBytesMakeAReaderThrow(
      @ForAll byte[] noise, @ForAll @IntRange(max = 60) int position, @ForAll boolean whole) {
    byte[] payload = utf8("{\"a\":\"x\",\"n\":{\"x\":1.5},\"l\":[1,{\"y\":null}],\"skip\":[]}");
    for (int i = 0; i < Math.min(3, noise.length); i++) {
      payload[(position + i) % payload.length] = noise[i];
    }

    json.read(whole ? noise : payload, Map.of());
    csv.read(noise, Map.of("header", "a,b"));
    csv.read(Arrays.copyOf(payload, position), Map.of("header", "a,b,c"));
  }

  private static String slot(RecordReader reader, int slot) {
    Slots slots = reader.slots();
    return slots.kind(slot) + ":" + (slots.length(slot) == 0 ? "" : slots.text(slot));
  }

  private static Locator pointer(String text) {
    return Locator.of(Locator.Kind.POINTER, text);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
