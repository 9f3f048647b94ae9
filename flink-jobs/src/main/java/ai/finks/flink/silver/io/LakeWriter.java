package ai.finks.flink.silver.io;

import ai.finks.flink.stream.RangeMarker;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.RecordedOffsets;
import ai.finks.flink.table.StreamPartition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows into files of the pipeline's tables; each table leaves out what it had when the job
 * started. A checkpoint's files are complete at its barrier, with the ranges they come from.
 */
final class LakeWriter implements CommittingSinkWriter<Refinement, WrittenFiles> {
  private static final long TARGET_FILE_BYTES = 128L << 20;

  private final LakeCatalog catalog;
  private final EnumMap<PipelineTable, TableWriter> writers = new EnumMap<>(PipelineTable.class);
  private List<RangeMarker> ranges = new ArrayList<>();

  LakeWriter(Pipeline pipeline, TaskInfo task) {
    this.catalog = pipeline.catalogLoader().open();
    for (Map.Entry<PipelineTable, Table> entry : pipeline.load(catalog).entrySet()) {
      if (entry.getKey() != PipelineTable.ACCOUNTING) {
        writers.put(entry.getKey(), new TableWriter(entry.getValue(), task));
      }
    }
  }

  @Override
  public void write(Refinement element, Context context) {
    PipelineTable table = element.table();
    TableWriter writer = table == null ? null : writers.get(table);
    if (writer != null) {
      writer.write(element);
    } else if (element.marker() != null) {
      ranges.add(element.marker());
    }
  }

  @Override
  public void flush(boolean endOfInput) {
    // Files are closed by prepareCommit.
  }

  @Override
  public Collection<WrittenFiles> prepareCommit() {
    if (ranges.isEmpty()) {
      return List.of();
    }
    EnumMap<PipelineTable, List<DataFile>> files = new EnumMap<>(PipelineTable.class);
    writers.forEach((table, writer) -> files.put(table, writer.files.complete()));
    WrittenFiles written = new WrittenFiles(ranges, files);
    ranges = new ArrayList<>();
    return List.of(written);
  }

  @Override
  public void close() throws IOException {
    writers.values().forEach(writer -> writer.files.close());
    catalog.close();
  }

  /** One table: what it has, and its open files. */
  private static final class TableWriter {
    final PartitionedFiles files;
    final Map<StreamPartition, Long> recorded;
    private @Nullable StreamPartition lastPartition;
    private long lastRecorded;

    TableWriter(Table table, TaskInfo task) {
      this.files =
          new PartitionedFiles(
              table, task.getIndexOfThisSubtask(), task.getAttemptNumber(), TARGET_FILE_BYTES);
      this.recorded = RecordedOffsets.of(table);
    }

    void write(Refinement element) {
      if (element.partition() != lastPartition) {
        lastPartition = element.partition();
        lastRecorded = recorded.getOrDefault(lastPartition, 0L);
      }
      if (element.offset() >= lastRecorded) {
        files.write(element.row());
      }
    }
  }
}
