package ai.finks.flink.silver.core;

import ai.finks.schemas.contract.DedupeWindow;

/**
 * The ingest time of a partition: the highest one of the rows that were kept so far. It never goes
 * back and never follows a wall clock, so a job that starts from the tables reads the same time as
 * one that never stopped.
 *
 * <p>Counted in ticks of a 64th of the window. What arrived at a tick is alive for 64 more: at
 * least the window, and at most a 64th longer. A window of everything has one tick.
 */
final class DedupeClock {
  private static final int TICKS_OF_A_WINDOW = 64;

  private final long tickMicros;
  private long latest = Long.MIN_VALUE;
  private long tick;
  private long oldestAlive = Long.MIN_VALUE;

  DedupeClock(DedupeWindow window) {
    this.tickMicros =
        window.isAll() ? 0 : (window.micros() + TICKS_OF_A_WINDOW - 1) / TICKS_OF_A_WINDOW;
    this.tick = tickOf(latest);
  }

  boolean isAll() {
    return tickMicros == 0;
  }

  /** Moves on to an ingest time, in microseconds since 1970, if it is later. */
  void advance(long ingestTimeMicros) {
    if (tickMicros > 0 && ingestTimeMicros > latest) {
      latest = ingestTimeMicros;
      tick = tickOf(latest);
      oldestAlive = tick - TICKS_OF_A_WINDOW;
    }
  }

  /** The tick that an ingest time falls into. */
  long tickOf(long ingestTimeMicros) {
    return tickMicros == 0 ? 0 : Math.floorDiv(ingestTimeMicros, tickMicros);
  }

  /** The present tick. */
  long tick() {
    return tick;
  }

  /** Whether what arrived at a tick is still remembered. */
  boolean isAlive(long atTick) {
    return atTick >= oldestAlive;
  }
}
