package ai.finks.flink.replay.io;

import ai.finks.flink.replay.core.RowPlace;
import ai.finks.flink.silver.core.RecordCoordinate;
import java.util.List;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.Schema;

/** Reads where rows lie in their streams. */
final class RowPlaces {
  /** The columns of a coordinate. */
  static final List<String> COLUMNS = List.of("_stream_id", "_partition", "_offset", "_element");

  private final int topic;
  private final int streamId;
  private final int partition;
  private final int offset;
  private final int element;

  /**
   * @param schema of the rows, with the columns of a coordinate
   */
  RowPlaces(Schema schema) {
    this.topic = RowTimes.position(schema, "_topic");
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

  /**
   * The raw record behind a row.
   *
   * @throws IndexOutOfBoundsException if the rows come without their topic
   */
  RecordCoordinate record(RowData row) {
    return new RecordCoordinate(
        row.getString(topic).toString(), streamId(row), partition(row), offset(row));
  }

  RowPlace of(RowData row) {
    return new RowPlace(streamId(row), partition(row), offset(row), row.getInt(element));
  }
}
