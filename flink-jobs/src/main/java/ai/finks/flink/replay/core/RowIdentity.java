package ai.finks.flink.replay.core;

import org.jspecify.annotations.Nullable;

/** A version of a row: 128 bits of its source and key, and 128 bits of all that it says. */
public final class RowIdentity implements Comparable<RowIdentity> {
  private final long keyHigh;
  private final long keyLow;
  private final long high;
  private final long low;

  public RowIdentity(long keyHigh, long keyLow, long high, long low) {
    this.keyHigh = keyHigh;
    this.keyLow = keyLow;
    this.high = high;
    this.low = low;
  }

  public boolean hasKeyOf(RowIdentity other) {
    return keyHigh == other.keyHigh && keyLow == other.keyLow;
  }

  /** Which of so many parts of all keys the row belongs to. */
  public int part(int parts) {
    return (int) Long.remainderUnsigned(keyLow, parts);
  }

  /** Keys first, so that versions of a key stand together. */
  @Override
  public int compareTo(RowIdentity other) {
    int order = Long.compare(keyHigh, other.keyHigh);
    order = order != 0 ? order : Long.compare(keyLow, other.keyLow);
    order = order != 0 ? order : Long.compare(high, other.high);
    return order != 0 ? order : Long.compare(low, other.low);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RowIdentity && compareTo((RowIdentity) other) == 0;
  }

  @Override
  public int hashCode() {
    return (int) (low ^ low >>> 32);
  }

  @Override
  public String toString() {
    return String.format("%016x%016x/%016x%016x", keyHigh, keyLow, high, low);
  }
}
