package ai.finks.flink.silver.io;

import ai.finks.flink.silver.core.Arrivals;
import ai.finks.flink.silver.core.KeyMemory;
import ai.finks.flink.silver.core.KnownVersions;
import ai.finks.flink.silver.core.SilverPlan;
import ai.finks.flink.silver.core.SilverRow;
import ai.finks.flink.silver.core.StoredRow;
import java.nio.ByteBuffer;
import java.util.Collection;
import org.apache.iceberg.data.Record;

/**
 * A partition's memory while it is filled from the tables. May be given rows by several threads.
 */
final class MemoryTarget {
  /** The position of rows that came by earlier streams. */
  static final long EARLIER = -1;

  /** Added to ingest times, so that what earlier streams brought lies before all offsets. */
  private static final long BEFORE_ALL_POSITIONS = Long.MIN_VALUE / 2;

  private final long beforeOffset;
  private final boolean isWindowed;
  private final Arrivals arrivals;
  private final SilverPlan plan;
  private final KeyMemory memory;

  MemoryTarget(SilverPlan plan, long beforeOffset) {
    this.plan = plan;
    this.beforeOffset = beforeOffset;
    this.isWindowed = !plan.contract().dedupeWindow().isAll();
    this.arrivals = new Arrivals(plan.contract().dedupeWindow());
    this.memory = plan.newMemory();
  }

  long beforeOffset() {
    return beforeOffset;
  }

  KeyMemory memory() {
    return memory;
  }

  synchronized void arrived(long position, long ingestTimeMicros) {
    if (position == EARLIER) {
      arrivals.addEarlier(ingestTimeMicros);
    } else {
      arrivals.add(position, ingestTimeMicros);
    }
  }

  void startClock() {
    memory.versions().begin(arrivals.latestIngestTimeMicros());
  }

  /** Takes the version of a row of Silver. */
  synchronized void version(Record row, long position, StoredRow key) {
    long tick = 0;
    if (isWindowed) {
      tick =
          position == EARLIER
              ? arrivals.tickOfEarlier(StoredValues.micros(row.getField("_ingest_time")))
              : arrivals.tickAt(position);
    }
    restore(row, key.keyHigh(), key.keyLow(), tick);
  }

  /** Takes a mark. */
  synchronized void mark(Record row, long position) {
    long tick = 0;
    if (isWindowed) {
      tick = position == EARLIER ? arrivals.tickOfEarlier() : arrivals.tickAt(position);
    }
    restore(row, (Long) row.getField("key_high"), (Long) row.getField("key_low"), tick);
  }

  private void restore(Record row, long keyHigh, long keyLow, long tick) {
    if (tick == Arrivals.LONG_AGO) {
      return;
    }
    ByteBuffer hash = (ByteBuffer) row.getField("_content_hash");
    KnownVersions known = memory.versions();
    known.compare(
        keyHigh,
        keyLow,
        (Long) row.getField("_version"),
        (String) row.getField("_batch_id"),
        (Long) row.getField("_sequence"),
        hash.getLong(hash.position()));
    known.restore(tick);
  }

  /** Takes the values of a row of Silver that later ones are compared with. */
  synchronized void values(Record row, long position, StoredRow stored) {
    long order =
        position == EARLIER
            ? BEFORE_ALL_POSITIONS + StoredValues.micros(row.getField("_ingest_time"))
            : position;
    stored
        .previousRules()
        .remember(stored.row(), (String) row.getField("_source"), order, memory.previousValues());
  }

  /** Takes the values of a row that was refused. */
  synchronized void refusedValues(SilverRow row, Collection<String> checks, long position) {
    plan.previousRules().rememberRefused(row, checks, position, memory.previousValues());
  }
}
