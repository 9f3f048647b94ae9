package ai.finks.flink.silver.io;

import ai.finks.flink.table.LakeCatalog;
import java.util.EnumMap;
import java.util.List;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.CommittableWithLineage;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.DataFile;
import org.jspecify.annotations.Nullable;

/**
 * Writes Silver rows of late periods, which come shuffled by period: each period has one file per
 * checkpoint, however many partitions its rows came from. The ranges they come from are told by the
 * writers ahead; nothing is held across a barrier.
 */
final class LateWriter extends AbstractStreamOperator<CommittableMessage<WrittenFiles>>
    implements OneInputStreamOperator<RowData, CommittableMessage<WrittenFiles>> {
  private static final long serialVersionUID = 1;

  private final Pipeline pipeline;

  private transient @Nullable LakeCatalog catalog;
  private transient @Nullable PartitionedFiles files;

  LateWriter(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  @Override
  public void open() throws Exception {
    super.open();
    LakeCatalog opened = pipeline.catalogLoader().open();
    catalog = opened;
    files =
        new PartitionedFiles(
            opened.load(pipeline.table(PipelineTable.SILVER)), getRuntimeContext().getTaskInfo());
  }

  @Override
  public void processElement(StreamRecord<RowData> element) {
    files().write(element.getValue());
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
    List<DataFile> written = files().complete();
    if (!written.isEmpty()) {
      EnumMap<PipelineTable, List<DataFile>> byTable = new EnumMap<>(PipelineTable.class);
      byTable.put(PipelineTable.SILVER, written);
      int subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
      output.collect(
          new StreamRecord<>(
              new CommittableWithLineage<>(
                  new WrittenFiles(List.of(), byTable), checkpointId, subtask)));
    }
  }

  private PartitionedFiles files() {
    if (files == null) {
      throw new IllegalStateException("before open()");
    }
    return files;
  }

  @Override
  public void close() throws Exception {
    if (files != null) {
      files.close();
    }
    if (catalog != null) {
      catalog.close();
    }
    super.close();
  }
}
