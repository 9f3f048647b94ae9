package ai.finks.flink.silver.core;

import ai.finks.schemas.contract.DedupeWindow;
import java.util.Map;
import java.util.TreeMap;

/**
 * At which tick of the {@linkplain DedupeClock dedupe clock} the rows of a partition arrived, found
 * again from what the table holds of them: a row's tick is the highest one of the rows kept up to
 * it. Takes rows in any order and keeps no more than the ticks of one window.
 *
 * <p>Rows of streams that came before (a topic that was deleted since) all count as having arrived
 * when the last of them did.
 */
public final class Arrivals {
  /** The tick of what arrived so long ago that it is not remembered. */
  public static final long LONG_AGO = Long.MIN_VALUE;

  private static final int ELEMENT_BITS = 20;
  private static final int LAST_ELEMENT = (1 << ELEMENT_BITS) - 1;

  private final DedupeClock clock;
  private final DedupeClock earlierClock;
  private final TreeMap<Long, Long> firstPositions = new TreeMap<>();
  private long latest = Long.MIN_VALUE;

  public Arrivals(DedupeWindow window) {
    this.clock = new DedupeClock(window);
    this.earlierClock = new DedupeClock(window);
  }

  /** The place of a row in its partition; offsets are far below 2^43. */
  public static long position(long offset, int element) {
    return (offset << ELEMENT_BITS) | Math.min(element, LAST_ELEMENT);
  }

  /** Takes a row that was kept. */
  public void add(long position, long ingestTimeMicros) {
    latest = Math.max(latest, ingestTimeMicros);
    clock.advance(ingestTimeMicros);
    firstPositions.merge(clock.tickOf(ingestTimeMicros), position, Math::min);
    while (!clock.isAlive(firstPositions.firstKey())) {
      firstPositions.pollFirstEntry();
    }
  }

  /** Takes a row that was kept by an earlier stream. */
  public void addEarlier(long ingestTimeMicros) {
    latest = Math.max(latest, ingestTimeMicros);
    clock.advance(ingestTimeMicros);
    earlierClock.advance(ingestTimeMicros);
  }

  /** The highest ingest time of all rows taken, in microseconds since 1970. */
  public long latestIngestTimeMicros() {
    return latest;
  }

  /** The tick at which a row of the partition arrived, kept or not. */
  public long tickAt(long position) {
    for (Map.Entry<Long, Long> tick : firstPositions.descendingMap().entrySet()) {
      if (tick.getValue() <= position) {
        return remembered(Math.max(tick.getKey(), earlierClock.tick()));
      }
    }
    return remembered(earlierClock.tick());
  }

  /** The tick of a row that an earlier stream kept. */
  public long tickOfEarlier(long ingestTimeMicros) {
    return earlierClock.isAlive(clock.tickOf(ingestTimeMicros)) ? tickOfEarlier() : LONG_AGO;
  }

  /** The tick of what an earlier stream left without an ingest time. */
  public long tickOfEarlier() {
    return remembered(earlierClock.tick());
  }

  private long remembered(long tick) {
    return clock.isAlive(tick) ? tick : LONG_AGO;
  }
}
