package ai.finks.flink.silver.io;

import ai.finks.flink.silver.core.Refusal;
import ai.finks.flink.silver.core.RefusedElement;
import ai.finks.flink.table.StreamPartition;
import ai.finks.schemas.raw.RawRecord;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericMapData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.jspecify.annotations.Nullable;

/** Rows of the quarantine: the record as it came, where it came from, and every reason. */
public final class QuarantineRows {
  private static final int ARITY = 24;
  private static final int LAST_YEAR = 9999;

  private final int contractVersion;
  private final StringData codeVersion;
  private final Clock clock;

  public QuarantineRows(int contractVersion, String codeVersion, Clock clock) {
    this.contractVersion = contractVersion;
    this.codeVersion = StringData.fromString(codeVersion);
    this.clock = clock;
  }

  /** A message that is no raw record: its payload is the whole message. */
  public RowData undecodable(
      byte[] message, StreamPartition partition, long offset, Refusal reason) {
    GenericRowData row = row(partition, offset, List.of(reason));
    row.setField(12, message);
    setDay(row, clock.instant());
    return row;
  }

  /** A record that is refused, or an element of it: each has the whole record's payload. */
  public RowData refused(
      RawRecord record, StreamPartition partition, long offset, RefusedElement refused) {
    GenericRowData row = row(partition, offset, refused.reasons());
    row.setField(9, refused.element());
    row.setField(0, text(record.source()));
    row.setField(1, text(record.runId()));
    row.setField(2, text(record.batchId()));
    row.setField(3, record.sequence());
    row.setField(4, SilverRowData.timestamp(record.ingestTimeMicros()));
    row.setField(10, text(record.key()));
    row.setField(11, text(record.contentType()));
    row.setField(12, record.payload());
    row.setField(13, attributes(record.attributes()));
    row.setField(14, text(record.correlationId()));
    row.setField(23, text(record.entity()));
    setDay(row, day(record.ingestTimeMicros()));
    return row;
  }

  private GenericRowData row(StreamPartition partition, long offset, List<Refusal> reasons) {
    GenericRowData row = new GenericRowData(ARITY);
    row.setField(5, text(partition.streamId()));
    row.setField(6, text(partition.topic()));
    row.setField(7, partition.partition());
    row.setField(8, offset);
    row.setField(9, 0);
    row.setField(15, text(reasons.get(0).code().name()));
    row.setField(16, reasons(reasons));
    row.setField(17, contractVersion);
    row.setField(18, codeVersion);
    row.setField(19, SilverRowData.timestamp(micros(clock.instant())));
    return row;
  }

  private static GenericArrayData reasons(List<Refusal> reasons) {
    Object[] rows = new Object[reasons.size()];
    for (int i = 0; i < rows.length; i++) {
      Refusal reason = reasons.get(i);
      rows[i] =
          GenericRowData.of(
              text(reason.code().name()),
              text(reason.field()),
              text(reason.shape()),
              text(reason.check()));
    }
    return new GenericArrayData(rows);
  }

  private static GenericMapData attributes(Map<String, String> attributes) {
    Map<StringData, StringData> map = new HashMap<>();
    attributes.forEach(
        (name, value) -> map.put(StringData.fromString(name), StringData.fromString(value)));
    return new GenericMapData(map);
  }

  /** The ingest time, or now if it is not in an age that folders are named for. */
  private Instant day(long micros) {
    Instant time = Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L));
    boolean named = micros >= 0 && time.atOffset(ZoneOffset.UTC).getYear() <= LAST_YEAR;
    return named ? time : clock.instant();
  }

  private static void setDay(GenericRowData row, Instant time) {
    LocalDate date = LocalDate.ofInstant(time, ZoneOffset.UTC);
    row.setField(20, text(String.format("%04d", date.getYear())));
    row.setField(21, text(String.format("%02d", date.getMonthValue())));
    row.setField(22, text(String.format("%02d", date.getDayOfMonth())));
  }

  private static long micros(Instant time) {
    return time.getEpochSecond() * 1_000_000L + time.getNano() / 1000;
  }

  private static @Nullable StringData text(@Nullable String value) {
    return value == null ? null : StringData.fromString(value);
  }
}
