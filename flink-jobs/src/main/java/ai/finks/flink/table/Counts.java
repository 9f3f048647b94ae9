package ai.finks.flink.table;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** How many records of a range went which way: name to number. Immutable; zeros are left out. */
public final class Counts {
  /** Offsets of a range that was given up: they could not be read, and somebody accepted it. */
  public static final String GIVEN_UP = "given_up";

  private static final Counts NONE = new Counts(new TreeMap<>());

  private final TreeMap<String, Long> values;

  private Counts(TreeMap<String, Long> values) {
    this.values = values;
  }

  public static Counts none() {
    return NONE;
  }

  public static Counts of(Map<String, Long> values) {
    TreeMap<String, Long> kept = new TreeMap<>(values);
    kept.values().removeIf(value -> value == 0);
    return new Counts(kept);
  }

  /** The count of that name, zero if there is none. */
  public long get(String name) {
    return values.getOrDefault(name, 0L);
  }

  public Counts plus(Counts other) {
    TreeMap<String, Long> sum = new TreeMap<>(values);
    other.values.forEach((name, value) -> sum.merge(name, value, Long::sum));
    return of(sum);
  }

  public void forEach(BiConsumer<String, Long> action) {
    values.forEach(action);
  }

  public Map<String, Long> asMap() {
    return Collections.unmodifiableMap(values);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Counts && values.equals(((Counts) other).values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
