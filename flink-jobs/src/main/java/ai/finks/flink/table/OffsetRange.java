package ai.finks.flink.table;

import java.util.Objects;

/** Offsets {@code [start, end)} of one stream partition, and what became of their records. */
public final class OffsetRange {
  private final long start;
  private final long end;
  private final Counts counts;

  private OffsetRange(long start, long end, Counts counts) {
    this.start = start;
    this.end = end;
    this.counts = counts;
  }

  public static OffsetRange of(long start, long end, Counts counts) {
    if (start < 0 || end < start) {
      throw new IllegalArgumentException("Not a range of offsets: [" + start + ", " + end + ")");
    }
    return new OffsetRange(start, end, counts);
  }

  public long start() {
    return start;
  }

  /** Exclusive: the next offset to read. */
  public long end() {
    return end;
  }

  public Counts counts() {
    return counts;
  }

  public boolean isEmpty() {
    return start == end;
  }

  /** This range followed by one that begins where this one ends. */
  public OffsetRange then(OffsetRange next) {
    if (next.start != end) {
      throw new IllegalArgumentException("Ranges do not meet: " + this + " then " + next);
    }
    return new OffsetRange(start, next.end, counts.plus(next.counts));
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof OffsetRange)) {
      return false;
    }
    OffsetRange that = (OffsetRange) other;
    return start == that.start && end == that.end && counts.equals(that.counts);
  }

  @Override
  public int hashCode() {
    return Objects.hash(start, end, counts);
  }

  @Override
  public String toString() {
    return "[" + start + ", " + end + ")";
  }
}
