package ai.finks.schemas.payload;

import ai.finks.schemas.binding.Locator;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which place has which slot: first the places asked for, in their order, then the parts of
 * combinations, then the exploded array itself.
 */
final class Layout {

  private final List<Locator> places;
  private final int asked;
  private final List<int[]> parts = new ArrayList<>();
  private final int arraySlot;
  private final @Nullable Elements elements;

  Layout(List<Locator> asked, boolean exploding) {
    this.places = new ArrayList<>(asked);
    this.asked = asked.size();
    for (Locator place : asked) {
      int first = places.size();
      places.addAll(place.parts());
      parts.add(IntStream.range(first, places.size()).toArray());
    }
    this.arraySlot = exploding ? places.size() : -1;
    this.elements = exploding ? new Elements(slotsOf(Locator.Kind.ELEMENT)) : null;
  }

  /** All places that have a slot, by slot. */
  List<Locator> places() {
    return places;
  }

  /** The slots of what a combination joins. */
  int[] partsOf(int slot) {
    return parts.get(slot);
  }

  /** Whether a slot's place is part of a combination. */
  boolean isPart(int slot) {
    return slot >= asked;
  }

  int slotCount() {
    return places.size() + (arraySlot < 0 ? 0 : 1);
  }

  /** The slot of the exploded array; negative when there is none. */
  int arraySlot() {
    return arraySlot;
  }

  /** Where elements are put aside; null when nothing is exploded. */
  @Nullable Elements elements() {
    return elements;
  }

  /** The slots of all places of a kind. */
  int[] slotsOf(Locator.Kind kind) {
    return IntStream.range(0, places.size())
        .filter(slot -> places.get(slot).kind() == kind)
        .toArray();
  }
}
