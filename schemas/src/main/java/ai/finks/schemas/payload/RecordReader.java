package ai.finks.schemas.payload;

import ai.finks.schemas.binding.Format;
import ai.finks.schemas.binding.Locator;
import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the values of a list of places in records: from the payload, or from the attributes. No
 * bytes whatever make it throw. Keeps state between records for speed; not thread-safe.
 */
public final class RecordReader {

  /** Larger payloads are refused unread. */
  public static final int MAX_PAYLOAD_BYTES = 4 * 1024 * 1024;

  /** Deeper nesting is refused. */
  public static final int MAX_DEPTH = 64;

  private final PayloadReader payloadReader;
  private final List<Locator> places;
  private final int[] attributeSlots;
  private final int[] patternSlots;
  private final Slots slots;

  private RecordReader(PayloadReader payloadReader, List<Locator> places) {
    this.payloadReader = payloadReader;
    this.places = places;
    this.attributeSlots = slotsOf(places, Locator.Kind.ATTRIBUTE);
    this.patternSlots =
        IntStream.range(0, places.size())
            .filter(slot -> places.get(slot).pattern().isPresent())
            .toArray();
    this.slots = new Slots(places.size());
  }

  /**
   * A reader for payloads of a format.
   *
   * @param places what to look for; the value of each goes to the slot of its position (that of a
   *     constant stays absent)
   * @param ignored pointers or columns that do not count as unknown
   */
  public static RecordReader of(Format format, List<Locator> places, Collection<String> ignored) {
    return new RecordReader(payloadReader(format, places, ignored), List.copyOf(places));
  }

  private static PayloadReader payloadReader(
      Format format, List<Locator> places, Collection<String> ignored) {
    if (format == Format.CSV) {
      int[] slots = slotsOf(places, Locator.Kind.COLUMN);
      List<String> columns = new ArrayList<>();
      for (int slot : slots) {
        columns.add(places.get(slot).text());
      }
      return new CsvPayloadReader(columns, slots, new HashSet<>(ignored));
    }
    int[] slots = slotsOf(places, Locator.Kind.POINTER);
    List<List<String>> pointers = new ArrayList<>();
    for (int slot : slots) {
      pointers.add(places.get(slot).steps());
    }
    List<List<String>> ignoredPointers = new ArrayList<>();
    for (String pointer : ignored) {
      ignoredPointers.add(Locator.of(Locator.Kind.POINTER, pointer).steps());
    }
    return new JsonPayloadReader(JsonPayloadReader.tree(pointers, slots, ignoredPointers), true);
  }

  private static int[] slotsOf(List<Locator> places, Locator.Kind kind) {
    return IntStream.range(0, places.size())
        .filter(slot -> places.get(slot).kind() == kind)
        .toArray();
  }

  /** The values of the last record read. */
  public Slots slots() {
    return slots;
  }

  /** Reads one record into the slots; returns what is wrong with its payload, or null. */
  public @Nullable PayloadFlaw read(byte[] payload, Map<String, String> attributes) {
    slots.clear();
    if (payload.length > MAX_PAYLOAD_BYTES) {
      return PayloadFlaw.TOO_LARGE;
    }
    PayloadFlaw flaw = payloadReader.read(payload, attributes, slots);
    if (flaw != null) {
      return flaw;
    }
    for (int slot : attributeSlots) {
      String value = attributes.get(places.get(slot).text());
      if (value != null) {
        slots.set(slot, Lexeme.TEXT, slots.append(value), value.length());
      }
    }
    for (int slot : patternSlots) {
      applyPattern(slot);
    }
    return null;
  }

  private void applyPattern(int slot) {
    Pattern pattern = places.get(slot).pattern().orElse(null);
    if (pattern == null || slots.kind(slot) != Lexeme.TEXT) {
      return;
    }
    int start = slots.start(slot);
    Matcher matcher = pattern.matcher(CharBuffer.wrap(slots.chars(), start, slots.length(slot)));
    if (matcher.find() && matcher.start(1) >= 0) {
      slots.set(slot, Lexeme.TEXT, start + matcher.start(1), matcher.end(1) - matcher.start(1));
    } else {
      slots.set(slot, Lexeme.ABSENT);
    }
  }
}
