package ai.finks.flink.silver.io;

import ai.finks.flink.stream.RangeMarker;
import ai.finks.flink.table.CountKind;
import ai.finks.flink.table.Counts;
import ai.finks.flink.table.DriftCounts;
import ai.finks.flink.table.TableSchemas;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;

/**
 * Writes rows into files of {@code accounting.partitions}: one of the live records per range, and
 * one of those that were sent again from quarantine where there are any.
 */
final class AccountingRows implements AutoCloseable {
  /** The kind of a range that could not be read: all its counts are zero. */
  private static final String GAP = "gap";

  private static final int FIRST_COUNT = 8;

  private final Pipeline pipeline;
  private final PartitionedFiles files;
  private final Clock clock;

  AccountingRows(Pipeline pipeline, Table table, int attempt, Clock clock) {
    this.pipeline = pipeline;
    this.clock = clock;
    this.files = new PartitionedFiles(table, 0, attempt, PartitionedFiles.MAX_OPEN_BYTES);
  }

  List<DataFile> write(List<RangeMarker> ranges, long checkpointId) {
    for (RangeMarker marker : ranges) {
      for (CountKind kind : CountKind.values()) {
        Counts counts = kind.of(marker.range().counts());
        if (kind == CountKind.LIVE || counts.get("read") != 0) {
          files.write(row(marker, kind, counts, checkpointId));
        }
      }
    }
    return files.complete();
  }

  private GenericRowData row(RangeMarker marker, CountKind kind, Counts counts, long checkpointId) {
    int columns = TableSchemas.ACCOUNTING_COUNTS.size();
    GenericRowData row = new GenericRowData(FIRST_COUNT + columns + 5);
    row.setField(0, StringData.fromString(pipeline.entity()));
    row.setField(1, StringData.fromString(pipeline.source(marker.partition().topic())));
    row.setField(2, StringData.fromString(marker.partition().streamId()));
    row.setField(3, StringData.fromString(marker.partition().topic()));
    row.setField(4, marker.partition().partition());
    row.setField(5, marker.range().start());
    row.setField(6, marker.range().end());
    boolean givenUp = counts.get(Counts.GIVEN_UP) > 0;
    row.setField(7, StringData.fromString(givenUp ? GAP : kind.label()));
    for (int i = 0; i < columns; i++) {
      row.setField(FIRST_COUNT + i, counts.get(TableSchemas.ACCOUNTING_COUNTS.get(i)));
    }
    row.setField(FIRST_COUNT + columns, checkpointId);
    row.setField(FIRST_COUNT + columns + 1, StringData.fromString(pipeline.writerId()));
    // Drift is told by range; of a range's rows the live one is always there.
    if (kind == CountKind.LIVE && !marker.drift().isEmpty()) {
      row.setField(FIRST_COUNT + columns + 2, marker.drift().records());
      row.setField(FIRST_COUNT + columns + 3, drift(marker.drift()));
    }
    row.setField(FIRST_COUNT + columns + 4, now());
    return row;
  }

  /** When the checkpoint was taken with which the range becomes visible, a moment later. */
  private TimestampData now() {
    Instant now = clock.instant();
    return TimestampData.fromEpochMillis(
        now.toEpochMilli(), now.getNano() % 1_000_000 / 1000 * 1000);
  }

  private static GenericArrayData drift(DriftCounts drift) {
    List<GenericRowData> fields = new ArrayList<>();
    drift
        .fields()
        .forEach(
            (field, records) ->
                fields.add(
                    GenericRowData.of(
                        StringData.fromString(field.kind().name().toLowerCase(Locale.ROOT)),
                        StringData.fromString(field.field()),
                        records)));
    return new GenericArrayData(fields.toArray());
  }

  @Override
  public void close() {
    files.close();
  }
}
