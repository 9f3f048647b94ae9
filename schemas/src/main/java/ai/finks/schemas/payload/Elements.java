package ai.finks.schemas.payload;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What was found in each element of an exploded array. While a payload is read, an element's values
 * go to its slots; at the element's end they are put aside here, and are taken back one element at
 * a time. The texts stay where they are, in the slots' shared array.
 */
final class Elements {

  private final int[] slots;
  private Lexeme[] kinds = new Lexeme[64];
  private int[] starts = new int[64];
  private int[] lengths = new int[64];
  private final List<List<String>> unknown = new ArrayList<>();
  private int unknownBefore;

  /**
   * @param slots the slots whose values differ from element to element
   */
  Elements(int[] slots) {
    this.slots = slots;
  }

  int count() {
    return unknown.size();
  }

  void clear() {
    unknown.clear();
  }

  /** An element begins: what is unknown from now on is the element's. */
  void begin(Slots from) {
    unknownBefore = from.unknown().size();
  }

  /** An element ends; false when there are more than a record may have. */
  boolean end(Slots from) {
    if (count() == RecordReader.MAX_ELEMENTS) {
      return false;
    }
    int at = count() * slots.length;
    ensure(at + slots.length);
    for (int i = 0; i < slots.length; i++) {
      kinds[at + i] = from.kind(slots[i]);
      starts[at + i] = from.start(slots[i]);
      lengths[at + i] = from.length(slots[i]);
      from.set(slots[i], Lexeme.ABSENT);
    }
    List<String> names = from.unknown().subList(unknownBefore, from.unknown().size());
    unknown.add(names.isEmpty() ? List.of() : List.copyOf(names));
    names.clear();
    return true;
  }

  /** Puts an element's values into their slots. */
  void load(int element, Slots into) {
    int at = element * slots.length;
    for (int i = 0; i < slots.length; i++) {
      into.set(slots[i], kinds[at + i], starts[at + i], lengths[at + i]);
    }
  }

  /** The names in an element that the binding does not know. */
  List<String> unknown(int element) {
    return unknown.get(element);
  }

  private void ensure(int size) {
    if (kinds.length < size) {
      int larger = Math.max(size, kinds.length * 2);
      kinds = Arrays.copyOf(kinds, larger);
      starts = Arrays.copyOf(starts, larger);
      lengths = Arrays.copyOf(lengths, larger);
    }
  }
}
