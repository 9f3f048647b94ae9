package ai.finks.flink.silver.io;

import ai.finks.flink.stream.RangeMarker;
import ai.finks.flink.table.TableSchemas;
import java.util.List;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;

/** Writes one row per range into files of {@code accounting.partitions}. */
final class AccountingRows {
  private static final StringData LIVE = StringData.fromString("live");
  private static final int FIRST_COUNT = 8;

  private final Pipeline pipeline;
  private final PartitionedFiles files;

  AccountingRows(Pipeline pipeline, Table table, int attempt) {
    this.pipeline = pipeline;
    this.files = new PartitionedFiles(table, 0, attempt, Long.MAX_VALUE);
  }

  List<DataFile> write(List<RangeMarker> ranges, long checkpointId) {
    ranges.forEach(marker -> files.write(row(marker, checkpointId)));
    return files.complete();
  }

  private GenericRowData row(RangeMarker marker, long checkpointId) {
    int counts = TableSchemas.ACCOUNTING_COUNTS.size();
    GenericRowData row = new GenericRowData(FIRST_COUNT + counts + 2);
    row.setField(0, StringData.fromString(pipeline.entity()));
    row.setField(1, StringData.fromString(pipeline.source(marker.partition().topic())));
    row.setField(2, StringData.fromString(marker.partition().streamId()));
    row.setField(3, StringData.fromString(marker.partition().topic()));
    row.setField(4, marker.partition().partition());
    row.setField(5, marker.range().start());
    row.setField(6, marker.range().end());
    row.setField(7, LIVE);
    for (int i = 0; i < counts; i++) {
      row.setField(
          FIRST_COUNT + i, marker.range().counts().get(TableSchemas.ACCOUNTING_COUNTS.get(i)));
    }
    row.setField(FIRST_COUNT + counts, checkpointId);
    row.setField(FIRST_COUNT + counts + 1, StringData.fromString(pipeline.writerId()));
    return row;
  }
}
