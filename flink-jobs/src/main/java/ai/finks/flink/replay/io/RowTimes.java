package ai.finks.flink.replay.io;

import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.contract.FieldType;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.TimestampData;
import org.apache.iceberg.Schema;

/** Event and ingest time of stored rows, in microseconds since the epoch. Used by one thread. */
final class RowTimes {
  static final String INGEST_TIME = "_ingest_time";

  private static final int MICROS = 6;

  private final int eventTime;
  private final int ingestTime;
  private final boolean isDay;
  private final ZoneId zone;
  private final Map<Integer, Long> beginnings = new HashMap<>();

  /**
   * @param schema of the rows, with both times
   */
  RowTimes(Contract contract, Schema schema) {
    this.eventTime = position(schema, contract.eventTime().name());
    this.ingestTime = position(schema, INGEST_TIME);
    this.isDay = contract.eventTime().type().kind() == FieldType.Kind.DATE;
    this.zone = contract.zone();
  }

  long event(RowData row) {
    return isDay ? beginning(row.getInt(eventTime)) : micros(row, eventTime);
  }

  long ingest(RowData row) {
    return micros(row, ingestTime);
  }

  /** -1 if there is no such column. */
  static int position(Schema schema, String column) {
    return schema.columns().indexOf(schema.findField(column));
  }

  private static long micros(RowData row, int position) {
    TimestampData time = row.getTimestamp(position, MICROS);
    return time.getMillisecond() * 1000 + time.getNanoOfMillisecond() / 1000;
  }

  private long beginning(int epochDay) {
    return beginnings.computeIfAbsent(
        epochDay, day -> LocalDate.ofEpochDay(day).atStartOfDay(zone).toEpochSecond() * 1_000_000L);
  }
}
