package ai.finks.flink.silver.io;

import ai.finks.flink.fault.WallClock;
import ai.finks.flink.silver.io.PipelineCommit.TableCommit;
import ai.finks.flink.stream.RangeMarker;
import ai.finks.flink.table.FencedException;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.OffsetRange;
import ai.finks.flink.table.RecordedOffsets;
import ai.finks.flink.table.RunCounts;
import ai.finks.flink.table.StreamPartition;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.CommittableWithLineage;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * Makes one commit of what all writers wrote for a checkpoint, and writes its accounting rows.
 *
 * <p>Ranges that a table had when the job started are left out for that table. Holds nothing across
 * a barrier; every second checkpoint without ranges makes an empty commit, a sign of life.
 */
final class CommitAggregator extends AbstractStreamOperator<PipelineCommit>
    implements OneInputStreamOperator<CommittableMessage<WrittenFiles>, PipelineCommit> {
  private static final long serialVersionUID = 1;

  /** A newcomer yields to what was seen within three intervals. */
  private static final int IDLE_CHECKPOINTS_PER_SIGN_OF_LIFE = 2;

  private final Pipeline pipeline;

  private transient @Nullable LakeCatalog catalog;
  private transient EnumMap<PipelineTable, SortedMap<StreamPartition, Long>> recorded;
  private transient Map<PipelineTable, Table> tables;
  private transient @Nullable AccountingRows accounting;
  private transient List<WrittenFiles> received;
  private transient int idleCheckpoints;
  private transient boolean finished;

  @SuppressWarnings("NullAway.Init") // Flink calls open() before anything else.
  CommitAggregator(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  @Override
  public void open() throws Exception {
    super.open();
    LakeCatalog opened = pipeline.catalogLoader().open();
    catalog = opened;
    received = new ArrayList<>();
    recorded = new EnumMap<>(PipelineTable.class);
    tables = pipeline.load(opened);
    for (Map.Entry<PipelineTable, Table> entry : tables.entrySet()) {
      if (entry.getKey() == PipelineTable.ACCOUNTING) {
        accounting =
            new AccountingRows(
                pipeline,
                entry.getValue(),
                getRuntimeContext().getTaskInfo().getAttemptNumber(),
                WallClock.utc());
      }
    }
  }

  @Override
  public void processElement(StreamRecord<CommittableMessage<WrittenFiles>> element) {
    if (recorded.isEmpty()) {
      // Rows come after the tables were claimed; until then another submission may move them.
      tables.forEach(
          (role, table) -> {
            table.refresh();
            recorded.put(role, RecordedOffsets.of(table));
          });
    }
    if (element.getValue() instanceof CommittableWithLineage) {
      received.add(((CommittableWithLineage<WrittenFiles>) element.getValue()).getCommittable());
    }
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) {
    if (!received.isEmpty()) {
      emit(merge(checkpointId));
    } else if (!finished && ++idleCheckpoints == IDLE_CHECKPOINTS_PER_SIGN_OF_LIFE) {
      emit(PipelineCommit.signOfLife(checkpointId));
    }
  }

  /** The end of a bounded input has no barrier of its own. */
  @Override
  public void finish() throws Exception {
    if (!received.isEmpty()) {
      emit(merge(CommittableMessage.EOI));
    }
    // The sink takes nothing more; the final checkpoint only commits.
    finished = true;
    super.finish();
  }

  private void emit(PipelineCommit commit) {
    received.clear();
    idleCheckpoints = 0;
    output.collect(new StreamRecord<>(commit));
  }

  private PipelineCommit merge(long checkpointId) {
    EnumMap<PipelineTable, TableCommit> commits = new EnumMap<>(PipelineTable.class);
    for (PipelineTable table : PipelineTable.values()) {
      List<RangeMarker> wanted = missingIn(table);
      List<DataFile> files =
          table == PipelineTable.ACCOUNTING
              ? Objects.requireNonNull(accounting, "before open()").write(wanted, checkpointId)
              : filesOf(table);
      if (!wanted.isEmpty()) {
        commits.put(table, new TableCommit(join(wanted), files, runsOf(wanted)));
      } else if (!files.isEmpty()) {
        throw movedByAnother(
            "Table " + table + " has the ranges of " + files.size() + " new files");
      }
    }
    return new PipelineCommit(checkpointId, commits);
  }

  private List<RangeMarker> missingIn(PipelineTable table) {
    Map<StreamPartition, Long> has = recorded.getOrDefault(table, new TreeMap<>());
    List<RangeMarker> missing = new ArrayList<>();
    for (WrittenFiles written : received) {
      for (RangeMarker marker : written.ranges()) {
        long offset = has.getOrDefault(marker.partition(), 0L);
        OffsetRange range = marker.range();
        if (range.start() < offset && offset < range.end()) {
          throw movedByAnother(
              "Table " + table + " stands at " + offset + ", in the middle of " + marker);
        }
        if (offset <= range.start()) {
          missing.add(marker);
        }
      }
    }
    return missing;
  }

  /**
   * What was written began where the tables stood then, and ranges are cut there. They stand
   * elsewhere by now: another submission took over in between.
   */
  private static FencedException movedByAnother(String what) {
    return new FencedException(
        what + ": another submission has moved the table since this one began to write");
  }

  private List<DataFile> filesOf(PipelineTable table) {
    List<DataFile> files = new ArrayList<>();
    received.forEach(written -> files.addAll(written.files().getOrDefault(table, List.of())));
    return files;
  }

  private static RunCounts runsOf(List<RangeMarker> markers) {
    return markers.stream().map(RangeMarker::runs).reduce(RunCounts.none(), RunCounts::plus);
  }

  private static SortedMap<StreamPartition, OffsetRange> join(List<RangeMarker> markers) {
    SortedMap<StreamPartition, OffsetRange> joined = new TreeMap<>();
    markers.forEach(marker -> joined.merge(marker.partition(), marker.range(), OffsetRange::then));
    return joined;
  }

  @Override
  public void close() throws Exception {
    if (accounting != null) {
      accounting.close();
    }
    if (catalog != null) {
      catalog.close();
    }
    super.close();
  }
}
