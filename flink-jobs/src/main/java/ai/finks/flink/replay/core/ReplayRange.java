package ai.finks.flink.replay.core;

import java.util.Locale;
import java.util.Objects;

/**
 * Which rows a replay is about: those whose event time, or whose ingest time, lies in {@code [from,
 * to)}, or all of some offsets. Times are microseconds since the epoch, UTC; an event time that is
 * a day counts as the beginning of that day in the contract's zone. Immutable.
 */
public final class ReplayRange {
  /** By which time rows are chosen. */
  public enum By {
    EVENT,
    INGEST,
    OFFSETS;

    /** As documents name it. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final By by;
  private final long fromMicros;
  private final long toMicros;

  private ReplayRange(By by, long fromMicros, long toMicros) {
    this.by = Objects.requireNonNull(by);
    this.fromMicros = fromMicros;
    this.toMicros = toMicros;
  }

  /**
   * @throws IllegalArgumentException if the range is empty
   */
  public static ReplayRange of(By by, long fromMicros, long toMicros) {
    if (fromMicros >= toMicros) {
      throw new IllegalArgumentException("The range ends before it begins: nothing lies in it");
    }
    return new ReplayRange(by, fromMicros, toMicros);
  }

  static ReplayRange parse(String by, long fromMicros, long toMicros) {
    return new ReplayRange(By.valueOf(by.toUpperCase(Locale.ROOT)), fromMicros, toMicros);
  }

  /** All rows of the offsets. */
  public static ReplayRange ofOffsets() {
    return new ReplayRange(By.OFFSETS, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  public By by() {
    return by;
  }

  public long fromMicros() {
    return fromMicros;
  }

  /** Exclusive. */
  public long toMicros() {
    return toMicros;
  }

  /** Whether a row of these times is meant. */
  public boolean takes(long eventMicros, long ingestMicros) {
    switch (by) {
      case EVENT:
        return fromMicros <= eventMicros && eventMicros < toMicros;
      case INGEST:
        return fromMicros <= ingestMicros && ingestMicros < toMicros;
      default:
        return true;
    }
  }
}
