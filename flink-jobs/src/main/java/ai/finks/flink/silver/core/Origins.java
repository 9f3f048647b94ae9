package ai.finks.flink.silver.core;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where known versions come from: a batch, the upper half of sequences in it, and the tick at which
 * a row arrived. Each origin is kept once, under a number, for as long as a version refers to it.
 */
final class Origins {
  private final Map<Origin, Integer> numbers = new HashMap<>();
  private Origin[] origins = new Origin[16];
  private int[] holders = new int[16];
  private int[] free = new int[16];
  private int freeCount;
  private int used;
  private @Nullable Origin last;
  private int lastNumber;

  /** Number of origins that are referred to. */
  int size() {
    return numbers.size();
  }

  /** The number of an origin, which from now on has one more version. */
  int hold(String batch, int sequenceHigh, long tick) {
    Origin recent = last;
    if (recent == null
        || recent.sequenceHigh != sequenceHigh
        || recent.tick != tick
        || !recent.batch.equals(batch)) {
      Origin wanted = new Origin(batch, sequenceHigh, tick);
      Integer known = numbers.get(wanted);
      lastNumber = known == null ? add(wanted) : known;
      last = origins[lastNumber];
    }
    holders[lastNumber]++;
    return lastNumber;
  }

  /** Tells that a version of an origin is gone; the origin is forgotten with its last one. */
  void release(int number) {
    if (--holders[number] > 0) {
      return;
    }
    Origin gone = origins[number];
    numbers.remove(gone);
    if (gone.equals(last)) {
      last = null;
    }
    origins[number] = Origin.NONE;
    if (freeCount == free.length) {
      free = Arrays.copyOf(free, 2 * free.length);
    }
    free[freeCount++] = number;
  }

  String batch(int number) {
    return origins[number].batch;
  }

  int sequenceHigh(int number) {
    return origins[number].sequenceHigh;
  }

  long tick(int number) {
    return origins[number].tick;
  }

  private int add(Origin origin) {
    int number = freeCount > 0 ? free[--freeCount] : used++;
    if (number == origins.length) {
      origins = Arrays.copyOf(origins, 2 * number);
      holders = Arrays.copyOf(holders, 2 * number);
    }
    origins[number] = origin;
    numbers.put(origin, number);
    return number;
  }

  private static final class Origin {
    static final Origin NONE = new Origin("", 0, 0);

    final String batch;
    final int sequenceHigh;
    final long tick;

    Origin(String batch, int sequenceHigh, long tick) {
      this.batch = batch;
      this.sequenceHigh = sequenceHigh;
      this.tick = tick;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      if (!(other instanceof Origin)) {
        return false;
      }
      Origin that = (Origin) other;
      return sequenceHigh == that.sequenceHigh && tick == that.tick && batch.equals(that.batch);
    }

    @Override
    public int hashCode() {
      return Objects.hash(batch, sequenceHigh, tick);
    }
  }
}
