package ai.finks.flink.table;

import ai.finks.flink.fault.FaultPoints;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.iceberg.ExpireSnapshots;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a table's metadata small: every so many commits, old snapshots are expired, and with them
 * what killed writers began to upload.
 *
 * <p>What stays: everything younger than the age, the newest carrier of offsets and all after it,
 * what a seal or a replay holds and all after it, and what tags and branches refer to.
 */
public final class SnapshotExpiry {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotExpiry.class);

  private final int everyCommits;
  private final Duration keep;
  private int commits;

  public SnapshotExpiry(int everyCommits, Duration keep) {
    this.everyCommits = everyCommits;
    this.keep = keep;
  }

  /** To be called after each commit; a failure is logged and tried again at the next turn. */
  public void committed(Table table, long nowMillis) {
    if (++commits % everyCommits != 0) {
      return;
    }
    try {
      expire(table, nowMillis - keep.toMillis(), nowMillis);
    } catch (RuntimeException e) {
      // Housekeeping after a commit that stands: no failure of it may end the job.
      LOG.warn("Snapshots of {} were not expired", table.name(), e);
    }
    OpenUploads.abortAbandoned(table, Instant.ofEpochMilli(nowMillis));
  }

  /** Expires what is older, but never the newest carrier or anything after it. */
  static void expire(Table table, long olderThanMillis, long nowMillis) {
    table.refresh();
    TableMetadata metadata = RecordedOffsets.metadata(table);
    if (Carrier.newestSnapshot(metadata) != null) {
      expiry(table, metadata, olderThanMillis, nowMillis).commit();
    }
  }

  /**
   * The snapshots older than an instant that may go.
   *
   * @param now decides which holds have outlived their age
   */
  public static List<Snapshot> expirable(Table table, Instant olderThan, Instant now) {
    table.refresh();
    TableMetadata metadata = RecordedOffsets.metadata(table);
    return metadata.currentSnapshot() == null
        ? List.of()
        : expiry(table, metadata, olderThan.toEpochMilli(), now.toEpochMilli()).apply();
  }

  /**
   * Expires the snapshots older than an instant that may go, with the files that no other needs.
   *
   * @param now decides which holds have outlived their age
   * @return how many files were removed
   */
  public static long expire(Table table, Instant olderThan, Instant now) {
    OpenUploads.abortAbandoned(table, now);
    table.refresh();
    TableMetadata metadata = RecordedOffsets.metadata(table);
    if (metadata.currentSnapshot() == null) {
      return 0;
    }
    AtomicLong removed = new AtomicLong();
    expiry(table, metadata, olderThan.toEpochMilli(), now.toEpochMilli())
        .deleteWith(
            location -> {
              FaultPoints.pass("expire.remove-file");
              table.io().deleteFile(location);
              removed.incrementAndGet();
            })
        .commit();
    return removed.get() + ReplacedFiles.remove(table);
  }

  /** The expiry of all that may go, not committed yet. */
  private static ExpireSnapshots expiry(
      Table table, TableMetadata metadata, long olderThanMillis, long nowMillis) {
    Snapshot carrier = Carrier.newestSnapshot(metadata);
    long kept = carrier == null ? olderThanMillis : carrier.timestampMillis();
    long held = SnapshotHold.oldest(metadata, nowMillis).orElse(kept);
    return table
        .expireSnapshots()
        .expireOlderThan(Math.min(olderThanMillis, Math.min(kept, held)))
        .retainLast(1);
  }
}
