package ai.finks.flink.replay.io;

import ai.finks.flink.replay.core.RowPlace;
import java.util.List;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.Schema;

/** Reads where rows lie in their streams. */
final class RowPlaces {
  /** The columns of a coordinate. */
  static final List<String> COLUMNS = List.of("_stream_id", "_partition", "_offset", "_element");

  private final int streamId;
  private final int partition;
  private final int offset;
  private final int element;

  /**
   * @param schema of the rows, with the columns of a coordinate
   */
  RowPlaces(Schema schema) {
    this.streamId = RowTimes.position(schema, "_stream_id");
    this.partition = RowTimes.position(schema, "_partition");
    this.offset = RowTimes.position(schema, "_offset");
    this.element = RowTimes.position(schema, "_element");
  }

  String streamId(RowData row) {
    return row.getString(streamId).toString();
  }

  int partition(RowData row) {
    return row.getInt(partition);
  }

  long offset(RowData row) {
    return row.getLong(offset);
  }

  RowPlace of(RowData row) {
    return new RowPlace(streamId(row), partition(row), offset(row), row.getInt(element));
  }
}
