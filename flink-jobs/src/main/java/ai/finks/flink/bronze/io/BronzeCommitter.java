package ai.finks.flink.bronze.io;

import ai.finks.flink.fault.FaultPoints;
import ai.finks.flink.table.CatalogLoader;
import ai.finks.flink.table.CommitOrigin;
import ai.finks.flink.table.FencedAppend;
import ai.finks.flink.table.FencedAppend.Outcome;
import ai.finks.flink.table.FencedException;
import ai.finks.flink.table.ForeignWriters;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.SnapshotExpiry;
import java.io.IOException;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the objects of a checkpoint visible and enters them, with their offsets, in the ledger.
 *
 * <p>Assumptions that its correctness rests on:
 *
 * <ul>
 *   <li>It is the only committer of its job attempt (parallelism 1) and gets checkpoints in order.
 *   <li>{@link MarkRanges} has claimed the ledger before any message reaches it, so a commit that
 *       is not this submission's comes of one that was replaced, or replaces it.
 *   <li>The fence is asked before anything becomes visible, and again inside the ledger's commit;
 *       the ledger decides. Publishing is idempotent, so a commit found in restored state is simply
 *       done again.
 *   <li>An object whose commit failed for good is dead by {@link LeftoverSweep}'s rule and removed,
 *       here or by a later attempt that comes to its folder.
 * </ul>
 */
final class BronzeCommitter implements Committer<BronzeCommittable> {
  private static final Logger LOG = LoggerFactory.getLogger(BronzeCommitter.class);

  private final LakeCatalog catalog;
  private final ObjectFiles files;
  private final LeftoverSweep sweep;
  private final SnapshotExpiry expiry;
  private final Clock clock;
  private final Submission submission;
  private final OptionalLong restoredCheckpoint;

  BronzeCommitter(
      Submission submission,
      CatalogLoader catalog,
      ObjectFiles files,
      SnapshotExpiry expiry,
      Clock clock,
      OptionalLong restoredCheckpoint)
      throws IOException {
    this.catalog = catalog.open();
    this.files = files;
    this.sweep = new LeftoverSweep(files, submission.topics(), clock.instant());
    this.expiry = expiry;
    this.clock = clock;
    this.submission = submission;
    this.restoredCheckpoint = restoredCheckpoint;
    Table table = this.catalog.load(LakeTables.BRONZE_FILES);
    ForeignWriters.requireNone(
        table,
        submission.origin(0, false),
        partition -> submission.topics().contains(partition.topic()),
        submission.signOfLife(),
        clock.millis());
    sweep.atStart(table);
  }

  @Override
  public void commit(Collection<CommitRequest<BronzeCommittable>> requests)
      throws IOException, InterruptedException {
    for (CommitRequest<BronzeCommittable> request : requests) {
      BronzeCommittable committable = request.getCommittable();
      if (!committable.isEmpty() && commit(committable) == Outcome.ALREADY_THERE) {
        request.signalAlreadyCommitted();
      }
    }
  }

  private Outcome commit(BronzeCommittable committable) throws IOException {
    Table table = catalog.load(LakeTables.BRONZE_FILES);
    CommitOrigin origin = origin(committable);
    Outcome outcome = Outcome.ALREADY_THERE;
    if (!FencedAppend.isThere(table, committable.ranges(), origin)) {
      for (PendingObject object : committable.objects()) {
        files.publish(object);
      }
      FaultPoints.pass("bronze.commit.objects-published");
      outcome = enter(table, committable, origin);
      FaultPoints.pass("bronze.commit.ledger-done");
      expiry.committed(table, clock.millis());
    }
    table.refresh();
    sweep.afterCommit(table, committable.objects(), outcome == Outcome.COMMITTED);
    return outcome;
  }

  private Outcome enter(Table table, BronzeCommittable committable, CommitOrigin origin)
      throws IOException {
    List<DataFile> rows = List.of();
    if (!committable.objects().isEmpty()) {
      rows = List.of(Ledger.write(table, committable, clock.instant()));
    }
    try {
      return FencedAppend.commit(table, committable.ranges(), rows, origin.of(committable.runs()));
    } catch (FencedException fenced) {
      withdraw(table, committable, fenced);
      throw fenced;
    }
  }

  /** Objects of a lost race are visible and will never be in the ledger. */
  private void withdraw(Table table, BronzeCommittable committable, FencedException fenced) {
    try {
      table.refresh();
      sweep.withdraw(table, committable.objects());
    } catch (IOException | RuntimeException e) {
      LOG.warn("Objects of a fenced commit stay until the next start: {}", committable, e);
      fenced.addSuppressed(e);
    }
  }

  private CommitOrigin origin(BronzeCommittable committable) {
    long checkpointId = committable.checkpointId();
    boolean restored =
        restoredCheckpoint.isPresent() && checkpointId <= restoredCheckpoint.getAsLong();
    return submission.origin(checkpointId, restored);
  }

  @Override
  public void close() throws IOException {
    catalog.close();
  }
}
