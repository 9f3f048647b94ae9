package ai.finks.flink.silver.io;

import ai.finks.flink.fault.FaultPoints;
import ai.finks.flink.fault.WallClock;
import ai.finks.flink.silver.io.PipelineCommit.TableCommit;
import ai.finks.flink.table.CommitOrigin;
import ai.finks.flink.table.FencedAppend;
import ai.finks.flink.table.JobStoppedException;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.Ownership;
import ai.finks.flink.table.QuarantineRetention;
import ai.finks.flink.table.SnapshotExpiry;
import java.io.IOException;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.iceberg.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits a checkpoint to the pipeline's tables, one after the other, each behind its own fence.
 *
 * <p>Assumptions that its correctness rests on, beside those of {@link FencedAppend}:
 *
 * <ul>
 *   <li>It runs once per job (parallelism 1), and Flink hands it checkpoints in ascending order,
 *       those of restored state before any new one.
 *   <li>A commit whose checkpoint is not younger than the restored one comes out of state; what it
 *       adds may be in some of the tables already.
 *   <li>A failure between two tables leaves them at different offsets. That is a legal state: after
 *       a restart with state the rest is committed, after one without it the source begins at the
 *       lowest offset and each table drops what it has.
 *   <li>The same offsets give the same rows again, as contract and bindings are the same; a job
 *       with changed ones must be started after the tables stand at the same offsets.
 *   <li>What fails here fails the job: an outcome that is not known is looked up at the next start.
 * </ul>
 */
final class LakeCommitter implements Committer<PipelineCommit> {
  private static final Logger LOG = LoggerFactory.getLogger(LakeCommitter.class);
  private static final int COMMITS_BETWEEN_EXPIRIES = 100;

  private final Pipeline pipeline;
  private final OptionalLong restoredCheckpointId;
  private final LakeCatalog catalog;
  private final EnumMap<PipelineTable, Table> tables;
  private final EnumMap<PipelineTable, SnapshotExpiry> expiries =
      new EnumMap<>(PipelineTable.class);
  private final QuarantineRetention.Daily retention = new QuarantineRetention.Daily();

  LakeCommitter(Pipeline pipeline, OptionalLong restoredCheckpointId) {
    this.pipeline = pipeline;
    this.restoredCheckpointId = restoredCheckpointId;
    this.catalog = pipeline.catalogLoader().open();
    this.tables = pipeline.load(catalog);
    StartGuard.check(pipeline, tables, WallClock.utc().millis());
    for (PipelineTable table : PipelineTable.values()) {
      expiries.put(table, new SnapshotExpiry(COMMITS_BETWEEN_EXPIRIES, pipeline.snapshotAge()));
    }
  }

  @Override
  public void commit(Collection<CommitRequest<PipelineCommit>> requests) {
    for (CommitRequest<PipelineCommit> request : requests) {
      commit(request.getCommittable());
    }
  }

  private void commit(PipelineCommit commit) {
    CommitOrigin origin = origin(commit.checkpointId());
    if (commit.isSignOfLife()) {
      renew(origin);
      return;
    }
    FaultPoints.pass("silver.commit.before");
    for (Map.Entry<PipelineTable, TableCommit> entry : commit.tables().entrySet()) {
      Table table = tables.get(entry.getKey());
      SnapshotExpiry expiry = expiries.get(entry.getKey());
      if (table == null || expiry == null) {
        throw new IllegalStateException("No table for " + entry.getKey());
      }
      FencedAppend.Outcome outcome =
          FencedAppend.commit(
              table,
              entry.getValue().ranges(),
              entry.getValue().files(),
              origin.of(entry.getValue().runs()));
      LOG.debug(
          "table={} checkpoint={} outcome={} ranges={}",
          table.name(),
          commit.checkpointId(),
          outcome,
          entry.getValue().ranges());
      if (entry.getKey() == PipelineTable.QUARANTINE) {
        retention.committed(table, WallClock.utc().millis());
      }
      expiry.committed(table, WallClock.utc().millis());
      FaultPoints.pass("silver.commit.table-done");
    }
    FaultPoints.pass("silver.commit.after");
  }

  /**
   * Silver tells newcomers that the job lives. The other tables only keep their carriers young, so
   * that no expiry of anybody's can take the newest one.
   */
  private void renew(CommitOrigin origin) {
    if (origin.isRestored()) {
      return;
    }
    long now = WallClock.utc().millis();
    long tooOld = now - pipeline.snapshotAge().toMillis() / 2;
    tables.forEach(
        (role, table) -> {
          table.refresh();
          if (role == PipelineTable.SILVER
              || Ownership.lastSeenMillis(table, pipeline.job()) < tooOld) {
            renew(table, origin);
            Objects.requireNonNull(expiries.get(role)).committed(table, now);
          }
        });
  }

  private static void renew(Table table, CommitOrigin origin) {
    try {
      Ownership.renew(table, origin);
    } catch (JobStoppedException stopped) {
      throw stopped;
    } catch (RuntimeException e) {
      // Nothing is lost with it; the next one is due soon.
      LOG.warn("No sign of life could be left in {}", table.name(), e);
    }
  }

  private CommitOrigin origin(long checkpointId) {
    boolean restored =
        restoredCheckpointId.isPresent() && checkpointId <= restoredCheckpointId.getAsLong();
    CommitOrigin origin =
        restored
            ? CommitOrigin.restored(pipeline.job(), pipeline.writerId(), checkpointId)
            : CommitOrigin.live(pipeline.job(), pipeline.writerId(), checkpointId);
    return origin.afterClaim();
  }

  @Override
  public void close() throws IOException {
    catalog.close();
  }
}
