package ai.finks.flink.silver.io;

import ai.finks.flink.silver.io.PipelineCommit.TableCommit;
import ai.finks.flink.table.CommitOrigin;
import ai.finks.flink.table.FencedAppend;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.QuarantineRetention;
import ai.finks.flink.table.SnapshotExpiry;
import java.io.IOException;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
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
    StartGuard.check(pipeline, tables, System.currentTimeMillis());
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
    for (Map.Entry<PipelineTable, TableCommit> entry : commit.tables().entrySet()) {
      Table table = tables.get(entry.getKey());
      SnapshotExpiry expiry = expiries.get(entry.getKey());
      if (table == null || expiry == null) {
        throw new IllegalStateException("No table for " + entry.getKey());
      }
      FencedAppend.Outcome outcome =
          FencedAppend.commit(table, entry.getValue().ranges(), entry.getValue().files(), origin);
      LOG.debug(
          "table={} checkpoint={} outcome={} ranges={}",
          table.name(),
          commit.checkpointId(),
          outcome,
          entry.getValue().ranges());
      if (entry.getKey() == PipelineTable.QUARANTINE) {
        retention.committed(table, System.currentTimeMillis());
      }
      expiry.committed(table, System.currentTimeMillis());
    }
  }

  private CommitOrigin origin(long checkpointId) {
    boolean restored =
        restoredCheckpointId.isPresent() && checkpointId <= restoredCheckpointId.getAsLong();
    return restored
        ? CommitOrigin.restored(pipeline.job(), pipeline.writerId(), checkpointId)
        : CommitOrigin.live(pipeline.job(), pipeline.writerId(), checkpointId);
  }

  @Override
  public void close() throws IOException {
    catalog.close();
  }
}
