package ai.finks.flink.table;

import java.time.Duration;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a table's metadata small: every so many commits, old snapshots are expired.
 *
 * <p>What stays: everything younger than the age, the newest carrier of offsets and all after it,
 * and what tags and branches refer to.
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
      expire(table, nowMillis - keep.toMillis());
    } catch (RuntimeException e) {
      // Housekeeping after a commit that stands: no failure of it may end the job.
      LOG.warn("Snapshots of {} were not expired", table.name(), e);
    }
  }

  /** Expires what is older, but never the newest carrier or anything after it. */
  static void expire(Table table, long olderThanMillis) {
    table.refresh();
    Snapshot carrier = Carrier.newestSnapshot(RecordedOffsets.metadata(table));
    if (carrier == null) {
      return;
    }
    table
        .expireSnapshots()
        .expireOlderThan(Math.min(olderThanMillis, carrier.timestampMillis()))
        .retainLast(1)
        .commit();
  }
}
