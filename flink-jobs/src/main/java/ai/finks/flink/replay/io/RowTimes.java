package ai.finks.flink.replay.io;

import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.contract.FieldType;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.TimestampData;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.util.DateTimeUtil;

/** Event and ingest time of stored rows, in microseconds since the epoch. Used by one thread. */
final class RowTimes {
  static final String INGEST_TIME = "_ingest_time";

  private static final int MICROS = 6;

  private final String eventTime;
  private final boolean isDay;
  private final ZoneId zone;
  private final Map<Integer, Long> beginnings = new HashMap<>();

  RowTimes(Contract contract) {
    this.eventTime = contract.eventTime().name();
    this.isDay = contract.eventTime().type().kind() == FieldType.Kind.DATE;
    this.zone = contract.zone();
  }

  String eventTimeColumn() {
    return eventTime;
  }

  long event(Record row) {
    Object value = row.getField(eventTime);
    return value instanceof LocalDate
        ? beginning((int) ((LocalDate) value).toEpochDay())
        : DateTimeUtil.microsFromTimestamptz((OffsetDateTime) value);
  }

  long ingest(Record row) {
    return DateTimeUtil.microsFromTimestamptz((OffsetDateTime) row.getField(INGEST_TIME));
  }

  long event(RowData row, Schema schema) {
    int position = position(schema, eventTime);
    return isDay ? beginning(row.getInt(position)) : micros(row, position);
  }

  long ingest(RowData row, Schema schema) {
    return micros(row, position(schema, INGEST_TIME));
  }

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
