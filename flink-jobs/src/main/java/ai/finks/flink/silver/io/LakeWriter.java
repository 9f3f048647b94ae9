package ai.finks.flink.silver.io;

import ai.finks.flink.fault.FaultPoints;
import ai.finks.flink.stream.RangeMarker;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.RecordedOffsets;
import ai.finks.flink.table.StreamPartition;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.CommittableWithLineage;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.table.data.RowData;
import org.apache.flink.util.OutputTag;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows into files of the pipeline's tables; each table leaves out what it had when the job
 * started: where it stands is read with the first row, which comes after the tables were claimed. A
 * checkpoint's files are complete at its barrier, with the ranges they come from.
 *
 * <p>Silver rows of late periods go to the side output where there is one.
 */
final class LakeWriter extends AbstractStreamOperator<CommittableMessage<WrittenFiles>>
    implements OneInputStreamOperator<Refinement, CommittableMessage<WrittenFiles>> {
  private static final long serialVersionUID = 1;

  private final Pipeline pipeline;
  private final @Nullable OutputTag<RowData> lateTag;

  private transient @Nullable LakeCatalog catalog;
  private transient EnumMap<PipelineTable, TableWriter> writers;
  private transient List<RangeMarker> ranges;
  private transient LatePeriods latePeriods;

  /**
   * @param lateTag where rows of late periods go; null to write them as all others
   */
  @SuppressWarnings("NullAway.Init") // Flink calls open() before anything else.
  LakeWriter(Pipeline pipeline, @Nullable OutputTag<RowData> lateTag) {
    this.pipeline = pipeline;
    this.lateTag = lateTag;
    // The default is the head of a chain of its own.
    setChainingStrategy(ChainingStrategy.ALWAYS);
  }

  @Override
  public void open() throws Exception {
    super.open();
    writers = new EnumMap<>(PipelineTable.class);
    ranges = new ArrayList<>();
    LakeCatalog opened = pipeline.catalogLoader().open();
    catalog = opened;
    TaskInfo task = getRuntimeContext().getTaskInfo();
    for (Map.Entry<PipelineTable, Table> entry : pipeline.load(opened).entrySet()) {
      if (entry.getKey() != PipelineTable.ACCOUNTING) {
        writers.put(entry.getKey(), new TableWriter(entry.getValue(), task));
      }
      if (entry.getKey() == PipelineTable.SILVER) {
        latePeriods = new LatePeriods(entry.getValue());
      }
    }
  }

  @Override
  public void processElement(StreamRecord<Refinement> element) {
    Refinement refinement = element.getValue();
    PipelineTable table = refinement.table();
    TableWriter writer = table == null ? null : writers.get(table);
    if (writer == null) {
      if (refinement.marker() != null) {
        ranges.add(refinement.marker());
      }
    } else if (writer.misses(refinement)) {
      RowData row = refinement.row();
      if (lateTag != null && table == PipelineTable.SILVER && latePeriods.isLate(row)) {
        output.collect(lateTag, new StreamRecord<>(row));
      } else {
        writer.files.write(row);
      }
    }
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) {
    emit(checkpointId);
  }

  /** The end of a bounded input has no barrier of its own. */
  @Override
  public void finish() throws Exception {
    emit(CommittableMessage.EOI);
    super.finish();
  }

  private void emit(long checkpointId) {
    if (ranges.isEmpty()) {
      return;
    }
    FaultPoints.pass("silver.writer.before-files-close");
    EnumMap<PipelineTable, List<DataFile>> files = new EnumMap<>(PipelineTable.class);
    writers.forEach((table, writer) -> files.put(table, writer.files.complete()));
    WrittenFiles written = new WrittenFiles(ranges, files);
    ranges = new ArrayList<>();
    int subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
    output.collect(
        new StreamRecord<>(new CommittableWithLineage<>(written, checkpointId, subtask)));
  }

  @Override
  public void close() throws Exception {
    if (catalog != null) {
      writers.values().forEach(writer -> writer.files.close());
      catalog.close();
    }
    super.close();
  }

  /** One table: what it has, and its open files. */
  private static final class TableWriter {
    final PartitionedFiles files;
    private final Table table;
    private @Nullable Map<StreamPartition, Long> recorded;
    private @Nullable StreamPartition lastPartition;
    private long lastRecorded;

    TableWriter(Table table, TaskInfo task) {
      this.files = new PartitionedFiles(table, task);
      this.table = table;
    }

    /** Whether the row was not in the table when the job started. */
    boolean misses(Refinement element) {
      if (element.partition() != lastPartition) {
        lastPartition = element.partition();
        lastRecorded = recorded().getOrDefault(lastPartition, 0L);
      }
      return element.offset() >= lastRecorded;
    }

    /** Until its claim another submission may move the table, after it nobody. */
    private Map<StreamPartition, Long> recorded() {
      Map<StreamPartition, Long> known = recorded;
      if (known == null) {
        table.refresh();
        known = RecordedOffsets.of(table);
        recorded = known;
      }
      return known;
    }
  }
}
