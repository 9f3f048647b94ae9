package ai.finks.schemas.payload;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scanner may give up on a payload, but must never see it otherwise than Jackson does. */
class JsonScannerTest {

  private static final int SLOTS = 6;
  private static final String ALPHABET = "{}[]\":,\\0123.-+eEtrufalsn \tabx";

  private final PayloadReader scanning = new JsonPayloadReader(tree(), true, null);
  private final PayloadReader jackson = new JsonPayloadReader(tree(), false, null);
  private final Slots scanned = new Slots(SLOTS);
  private final Slots expected = new Slots(SLOTS);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":1,\"b\":\"x\",\"n\":{\"x\":true,\"y\":null},\"skip\":5,\"other\":\"o\"}",
        " { \"b\" : -1.5e+10 , \"a\" : false } ",
        "{}",
        "{\"n\":null,\"a\":\"\"}",
        "{\"n\":{}}",
      })
  void plainPayloadNeedsNoJackson(String payload) {
    byte[] bytes = payload.getBytes(StandardCharsets.US_ASCII);

    assertThat(new JsonScanner().scan(bytes, 0, bytes.length, tree(), 1, scanned)).isTrue();
    assertSame(bytes);
  }

  @Test
  void payloadThatIsNotPlainIsLeftToJackson() {
    for (String payload :
        List.of(
            "{\"a\":\"\\n\"}",
            "{\"a\":01}",
            "{\"a\":1.}",
            "{\"a\":1e}",
            "{\"a\":-}",
            "{\"a\":tru}",
            "{\"a\":{}}",
            "{\"a\":[]}",
            "{\"z\":[]}",
            "{\"n\":1}",
            "{\"a\":1,\"a\":1}",
            "{\"a\":1,}",
            "{\"a\" 1}",
            "{a:1}",
            "{\"a\":1}x",
            "{\"a\":\"\t\"}",
            "{\"a\":1",
            "[]",
            "1",
            "")) {
      byte[] bytes = payload.getBytes(StandardCharsets.US_ASCII);
      assertThat(new JsonScanner().scan(bytes, 0, bytes.length, tree(), 1, new Slots(SLOTS)))
          .as(payload)
          .isFalse();
      assertSame(bytes);
    }
  }

  @Property(tries = 5_000)
  void anyDocumentReadsTheSame(@ForAll long seed) {
    assertSame(document(new Random(seed), 0).getBytes(StandardCharsets.UTF_8));
  }

  @Property(tries = 20_000)
  void anyMutationReadsTheSame(
      @ForAll long seed,
      @ForAll @IntRange(max = 300) int position,
      @ForAll @Size(min = 1, max = 3) byte[] noise) {
    byte[] bytes = document(new Random(seed), 0).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < noise.length; i++) {
      bytes[(position + i) % bytes.length] =
          noise[i] < 0 ? noise[i] : (byte) ALPHABET.charAt(noise[i] % ALPHABET.length());
    }

    assertSame(bytes);
  }

  private void assertSame(byte[] payload) {
    scanned.clear();
    expected.clear();
    // In the midst of bytes that would go on with the payload's strings and numbers.
    byte[] wire = new byte[payload.length + 24];
    Arrays.fill(wire, (byte) '7');
    System.arraycopy(payload, 0, wire, 5, payload.length);
    PayloadFlaw flaw = scanning.read(wire, 5, 5 + payload.length, Map.of(), scanned);

    assertThat(flaw).isEqualTo(jackson.read(payload, Map.of(), expected));
    if (flaw == null) {
      assertThat(describe(scanned)).isEqualTo(describe(expected));
      assertNumbersAreRead();
    }
  }

  private void assertNumbersAreRead() {
    for (int slot = 0; slot < SLOTS; slot++) {
      boolean read = scanned.ascii() != null && scanned.kind(slot) == Lexeme.NUMBER;
      if (read && scanned.decimals(slot) >= 0) {
        assertThat(BigDecimal.valueOf(scanned.unscaled(slot), scanned.decimals(slot)))
            .isEqualByComparingTo(scanned.text(slot));
      }
    }
  }

  private static List<String> describe(Slots slots) {
    List<String> all = new ArrayList<>(slots.unknown());
    for (int slot = 0; slot < SLOTS; slot++) {
      all.add(slots.kind(slot) + ":" + (slots.length(slot) == 0 ? "" : slots.text(slot)));
    }
    return all;
  }

  private static PointerTree tree() {
    PointerTree root = new PointerTree("");
    root.add(List.of("a")).addSlot(0);
    root.add(List.of("b")).addSlot(1);
    root.add(List.of("n", "x")).addSlot(2);
    root.add(List.of("n", "y")).addSlot(3);
    root.add(List.of("a")).addSlot(4);
    root.add(List.of("l", "1")).addSlot(5);
    root.add(List.of("skip")).ignore();
    return root;
  }

  private static String document(Random random, int depth) {
    List<String> members = new ArrayList<>();
    for (int i = random.nextInt(6); i >= 0; i--) {
      String name = List.of("a", "b", "n", "l", "skip", "x", "y", "é").get(random.nextInt(8));
      members.add(space(random) + "\"" + name + "\"" + space(random) + ":" + value(random, depth));
    }
    return space(random) + "{" + String.join(",", members) + "}" + space(random);
  }

  private static String value(Random random, int depth) {
    switch (random.nextInt(depth < 3 ? 9 : 7)) {
      case 0:
        return "null";
      case 1:
        return random.nextBoolean() ? "true" : "false";
      case 2:
        return Integer.toString(random.nextInt());
      case 3:
        return Double.toString(random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20));
      case 4:
        return "\"" + "value".substring(random.nextInt(5)) + "\"";
      case 5:
        return "\"\\u00e9\\n\"";
      case 6:
        return "\"é\"";
      case 7:
        return "["
            + value(random, depth + 1)
            + space(random)
            + ","
            + value(random, depth + 1)
            + "]";
      default:
        return document(random, depth + 1);
    }
  }

  private static String space(Random random) {
    return random.nextInt(4) == 0 ? " \n\t\r".substring(random.nextInt(4)) : "";
  }
}
