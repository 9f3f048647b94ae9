package ai.finks.schemas.binding;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RawKeyTest {

  @Test
  void keyIsTakenFromThePayload() {
    RawKey key = key("json", "[/symbol]", "symbol: {pointer: /symbol}");

    assertThat(key.extract(utf8("{\"symbol\":\"AAPL\"}"), Map.of())).isEqualTo("AAPL");
    assertThat(key.extract(utf8("{\"symbol\":12.50}"), Map.of())).isEqualTo("12.50");
  }

  @Test
  void severalPartsAreJoined() {
    RawKey key = key("csv", "[a, {attribute: venue}]", "x: {column: a}\n  y: {attribute: venue}");

    assertThat(key.extract(utf8("1,2"), Map.of("header", "b,a", "venue", "XNYS")))
        .isEqualTo("2|XNYS");
  }

  @Test
  void whatSilverTrimsIsTrimmed() {
    RawKey key = key("json", "[/s]", "symbol: {pointer: /s, trim: true}");

    assertThat(key.extract(utf8("{\"s\":\" A \"}"), Map.of())).isEqualTo("A");
  }

  @Test
  void brokenPayloadHasNoKey() {
    RawKey key = key("json", "[/symbol]", "symbol: {pointer: /symbol}");

    assertThat(key.extract(utf8("{\"symbol\":"), Map.of())).isNull();
    assertThat(key.extract(utf8("{}"), Map.of())).isNull();
    assertThat(key.extract(utf8("{\"symbol\":null}"), Map.of())).isNull();
    assertThat(key.extract(new byte[] {(byte) 0xFF}, Map.of())).isNull();
  }

  private static RawKey key(String format, String rawKey, String fields) {
    return RawKey.of(
        Binding.parse(
            "b",
            "source: s\nentity: e\nformat: "
                + format
                + "\nraw-key: "
                + rawKey
                + "\nfields:\n  "
                + fields
                + "\n"));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
