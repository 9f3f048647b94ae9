package ai.finks.stack.trace;

import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.util.DateTimeUtil;
import org.jspecify.annotations.Nullable;

/**
 * Which row of Silver it is: little enough to keep of rows that are counted and never shown.
 *
 * @param eventTime in the unit that Iceberg compares: days or microseconds; 0 for other types
 * @param origin of its raw record
 * @param offset of its raw record
 * @param element of its raw record
 */
record RowPlace(long eventTime, Origin origin, long offset, int element) {
  /** The lineage columns that it is read from. */
  static final List<String> COLUMNS =
      List.of("_topic", "_stream_id", "_partition", "_run_id", "_offset", "_element");

  /** Latest first, as rows are shown. */
  static final Comparator<RowPlace> LATEST_FIRST =
      Comparator.comparingLong(RowPlace::eventTime)
          .reversed()
          .thenComparing(row -> row.origin().topic())
          .thenComparingInt(row -> row.origin().partition())
          .thenComparingLong(RowPlace::offset)
          .thenComparingInt(RowPlace::element);

  /** Reads places; those of neighbours share what they have in common. Not thread-safe. */
  static final class Reader {
    private final String eventTime;
    private Origin last = new Origin("", "", 0, "");

    /**
     * @param eventTime the column of the event time
     */
    Reader(String eventTime) {
      this.eventTime = eventTime;
    }

    RowPlace read(Record row) {
      Origin origin =
          new Origin(
              text(row, "_topic"),
              text(row, "_stream_id"),
              (Integer) required(row, "_partition"),
              text(row, "_run_id"));
      if (!origin.equals(last)) {
        last = origin;
      }
      return new RowPlace(
          comparable(row.getField(eventTime)),
          last,
          (Long) required(row, "_offset"),
          (Integer) required(row, "_element"));
    }

    private static String text(Record row, String column) {
      return (String) required(row, column);
    }

    private static Object required(Record row, String column) {
      return Objects.requireNonNull(row.getField(column), column);
    }

    private static long comparable(@Nullable Object time) {
      if (time instanceof LocalDate day) {
        return day.toEpochDay();
      }
      return time instanceof OffsetDateTime instant
          ? DateTimeUtil.microsFromTimestamptz(instant)
          : 0;
    }
  }
}
