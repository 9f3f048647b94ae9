package ai.finks.flink.silver.core;

import java.util.List;

/** A record that is refused, or one element of a record that its binding explodes. */
public final class RefusedElement {

  private final int element;
  private final List<Refusal> reasons;

  RefusedElement(int element, List<Refusal> reasons) {
    this.element = element;
    this.reasons = reasons;
  }

  /** An element that is refused after it was made a row. */
  public static RefusedElement of(int element, List<Refusal> reasons) {
    return new RefusedElement(element, List.copyOf(reasons));
  }

  /** The position in the exploded array; 0 when the whole record is refused. */
  public int element() {
    return element;
  }

  /** Every reason; at least one. */
  public List<Refusal> reasons() {
    return reasons;
  }

  @Override
  public String toString() {
    return element + ": " + reasons;
  }
}
