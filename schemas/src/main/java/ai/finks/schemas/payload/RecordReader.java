package ai.finks.schemas.payload;

import ai.finks.schemas.binding.Binding;
import ai.finks.schemas.binding.Explode;
import ai.finks.schemas.binding.Format;
import ai.finks.schemas.binding.Locator;
import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the values of a list of places in records: from the payload, or from the attributes. No
 * bytes whatever make it throw. Keeps state between records for speed; not thread-safe.
 *
 * <p>A binding that explodes an array has many rows in a record: after {@link #read} there are the
 * values that all elements share, and {@link #element} sets those of one element.
 */
public final class RecordReader {

  /** Larger payloads are refused unread. */
  public static final int MAX_PAYLOAD_BYTES = 4 * 1024 * 1024;

  /** Deeper nesting is refused. */
  public static final int MAX_DEPTH = 64;

  /** A record with more elements is refused. */
  public static final int MAX_ELEMENTS = 10_000;

  private static final int NOT_EXPLODED = -1;

  private final PayloadReader payloadReader;
  private final Slots slots;
  private final @Nullable Elements elements;
  private final boolean arrayOptional;
  private final int arraySlot;
  private final Derived shared;
  private final Derived ofElements;
  private final List<Locator> attributes = new ArrayList<>();
  private final List<Integer> attributeSlots = new ArrayList<>();
  private int usedByRecord;

  private RecordReader(Layout layout, PayloadReader payloadReader, @Nullable Explode explode) {
    this.payloadReader = payloadReader;
    this.slots = new Slots(layout.slotCount());
    this.elements = layout.elements();
    this.arrayOptional = explode != null && explode.isOptional();
    this.arraySlot = layout.arraySlot();
    this.shared = new Derived(layout, false);
    this.ofElements = new Derived(layout, true);
    for (int slot = 0; slot < layout.places().size(); slot++) {
      if (layout.places().get(slot).kind() == Locator.Kind.ATTRIBUTE) {
        attributes.add(layout.places().get(slot));
        attributeSlots.add(slot);
      }
    }
  }

  /**
   * A reader for payloads of a format that are one row each.
   *
   * @param places what to look for; the value of each goes to the slot of its position (that of a
   *     constant stays absent)
   * @param ignored pointers or columns that do not count as unknown
   */
  public static RecordReader of(Format format, List<Locator> places, Collection<String> ignored) {
    Layout layout = new Layout(places, false);
    PayloadReader reader = PayloadReaders.of(format, ',', layout, null, ignored);
    return new RecordReader(layout, reader, null);
  }

  /**
   * A reader that leaves every JSON payload to Jackson: what the byte scanner is held against, in
   * what it finds and in how fast.
   */
  public static RecordReader withoutScanner(List<Locator> places, Collection<String> ignored) {
    Layout layout = new Layout(places, false);
    PointerTree root = PayloadReaders.tree(layout, null, ignored);
    return new RecordReader(layout, new JsonPayloadReader(root, false, null), null);
  }

  /** A reader for a binding's payloads, exploding them if the binding does. */
  public static RecordReader of(Binding binding, List<Locator> places) {
    return of(binding, places, binding.explode().orElse(null));
  }

  /** A reader for what a binding's records hold as a whole, whether or not they are exploded. */
  public static RecordReader ofRecords(Binding binding, List<Locator> places) {
    return of(binding, places, null);
  }

  private static RecordReader of(Binding binding, List<Locator> places, @Nullable Explode explode) {
    Layout layout = new Layout(places, explode != null);
    PayloadReader reader =
        PayloadReaders.of(
            binding.format(), binding.delimiter(), layout, explode, binding.ignored());
    return new RecordReader(layout, reader, explode);
  }

  /** The values of the last record read, or of the element that was set last. */
  public Slots slots() {
    return slots;
  }

  /** Reads one record into the slots; returns what is wrong with its payload, or null. */
  public @Nullable PayloadFlaw read(byte[] payload, Map<String, String> envelope) {
    return read(payload, 0, payload.length, envelope);
  }

  /** Reads one record whose payload is a part of an array. */
  public @Nullable PayloadFlaw read(
      byte[] source, int start, int end, Map<String, String> envelope) {
    slots.clear();
    if (elements != null) {
      elements.clear();
    }
    if (end - start > MAX_PAYLOAD_BYTES) {
      return PayloadFlaw.TOO_LARGE;
    }
    PayloadFlaw flaw = payloadReader.read(source, start, end, envelope, slots);
    if (flaw != null) {
      return flaw;
    }
    for (int i = 0; i < attributes.size(); i++) {
      String value = envelope.get(attributes.get(i).text());
      if (value != null) {
        slots.set(attributeSlots.get(i), Lexeme.TEXT, slots.append(value), value.length());
      }
    }
    shared.apply(slots);
    if (elements != null) {
      usedByRecord = slots.used();
    }
    return null;
  }

  /** What stands where the array should be; absent when the binding explodes none. */
  public Lexeme array() {
    return arraySlot < 0 ? Lexeme.ABSENT : slots.kind(arraySlot);
  }

  /** Whether the last record read has what the binding explodes, if it explodes anything. */
  public boolean hasArray() {
    Lexeme found = array();
    boolean none = found == Lexeme.ABSENT || found == Lexeme.NULL;
    return elements == null || found == Lexeme.ARRAY || (none && arrayOptional);
  }

  /** How many elements the last record read has; negative when the binding explodes nothing. */
  public int elements() {
    return elements == null ? NOT_EXPLODED : elements.count();
  }

  /** Sets the slots of one element's values. */
  public void element(int index) {
    if (elements == null) {
      throw new IllegalStateException("the binding explodes nothing");
    }
    slots.rewind(usedByRecord);
    elements.load(index, slots);
    ofElements.apply(slots);
  }

  /** Names in an element that the binding does not know. */
  public List<String> unknownInElement(int index) {
    return elements == null ? List.of() : elements.unknown(index);
  }

  /** Values that are made of others: combinations first, then what patterns cut out. */
  private static final class Derived {
    private final List<Combination> combinations = new ArrayList<>();
    private final List<Pattern> patterns = new ArrayList<>();
    private final List<Integer> patternSlots = new ArrayList<>();
    private final List<Locator> constants = new ArrayList<>();
    private final List<Integer> constantSlots = new ArrayList<>();

    Derived(Layout layout, boolean inElements) {
      for (int slot = 0; slot < layout.places().size(); slot++) {
        Locator place = layout.places().get(slot);
        boolean here = place.isInElement() == inElements;
        if (here && place.kind() == Locator.Kind.COMBINE) {
          combinations.add(new Combination(slot, layout.partsOf(slot), place.text()));
        }
        if (here && place.pattern().isPresent()) {
          patterns.add(place.pattern().get());
          patternSlots.add(slot);
        }
        if (here && place.kind() == Locator.Kind.CONSTANT && layout.isPart(slot)) {
          constants.add(place);
          constantSlots.add(slot);
        }
      }
    }

    void apply(Slots slots) {
      for (int i = 0; i < constants.size(); i++) {
        String text = constants.get(i).text();
        slots.set(constantSlots.get(i), Lexeme.TEXT, slots.append(text), text.length());
      }
      for (int i = 0; i < combinations.size(); i++) {
        combinations.get(i).apply(slots);
      }
      for (int i = 0; i < patterns.size(); i++) {
        cut(patterns.get(i), patternSlots.get(i), slots);
      }
    }

    private static void cut(Pattern pattern, int slot, Slots slots) {
      if (slots.kind(slot) != Lexeme.TEXT) {
        return;
      }
      int start = slots.start(slot);
      Matcher matcher = pattern.matcher(CharBuffer.wrap(slots.chars(), start, slots.length(slot)));
      if (find(matcher) && matcher.start(1) >= 0) {
        slots.set(slot, Lexeme.TEXT, start + matcher.start(1), matcher.end(1) - matcher.start(1));
      } else {
        slots.set(slot, Lexeme.ABSENT);
      }
    }

    private static boolean find(Matcher matcher) {
      try {
        return matcher.find();
      } catch (StackOverflowError e) {
        // Java's patterns recurse on repeated groups; a text that long matches nothing sensible.
        return false;
      }
    }
  }
}
