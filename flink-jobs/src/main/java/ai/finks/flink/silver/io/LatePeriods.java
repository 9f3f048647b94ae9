package ai.finks.flink.silver.io;

import ai.finks.flink.silver.parquet.DirectRow;
import ai.finks.schemas.value.Utf8Text;
import java.time.LocalDate;
import java.time.Period;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * Tells rows of periods that were over for two days when the record was taken in. A stream of today
 * has few of them; a batch of the past has hardly any other.
 */
final class LatePeriods {
  private static final int DAYS = 2;
  private static final int MICROS = 6;
  private static final long MICROS_PER_DAY = TimeUnit.DAYS.toMicros(1);

  private final int[] levels;
  private final int ingestTime;
  private final StringData[] lastPeriod;
  private final @Nullable Utf8Text[] lastTexts;
  private boolean levelsAreSteady;
  private @Nullable Object lastSteady;
  private long lateFromDay;

  /**
   * @param table partitioned by the texts of year, month and day or the first of them
   */
  LatePeriods(Table table) {
    this.levels = PartitionedFiles.columns(table);
    this.ingestTime = table.schema().columns().indexOf(table.schema().findField("_ingest_time"));
    this.lastPeriod = new StringData[levels.length];
    this.lastTexts = new Utf8Text[levels.length];
  }

  boolean isLate(RowData row) {
    if (!isAsBefore(row)) {
      if (!isLastPeriod(row)) {
        remember(row);
      }
      lastSteady =
          levelsAreSteady && row instanceof DirectRow ? ((DirectRow) row).steadyValues() : null;
    }
    return Math.floorDiv(ingestMicros(row), MICROS_PER_DAY) >= lateFromDay;
  }

  private boolean isAsBefore(RowData row) {
    return row instanceof DirectRow && ((DirectRow) row).steadyValues() == lastSteady;
  }

  private boolean isLastPeriod(RowData row) {
    for (int i = 0; i < levels.length; i++) {
      boolean same =
          row instanceof DirectRow
              ? ((DirectRow) row).text(levels[i]).equals(lastTexts[i])
              : row.getString(levels[i]).equals(lastPeriod[i]);
      if (!same) {
        return false;
      }
    }
    return true;
  }

  private void remember(RowData row) {
    levelsAreSteady =
        row instanceof DirectRow && Arrays.stream(levels).allMatch(((DirectRow) row)::isSteady);
    int[] numbers = {1, 1, 1};
    for (int i = 0; i < levels.length; i++) {
      String text = row.getString(levels[i]).toString();
      lastPeriod[i] = StringData.fromString(text);
      lastTexts[i] = Utf8Text.of(text);
      numbers[i] = Integer.parseInt(text);
    }
    LocalDate begin = LocalDate.of(numbers[0], numbers[1], numbers[2]);
    lateFromDay = begin.plus(length()).toEpochDay() + DAYS;
  }

  private Period length() {
    switch (levels.length) {
      case 1:
        return Period.ofYears(1);
      case 2:
        return Period.ofMonths(1);
      default:
        return Period.ofDays(1);
    }
  }

  private long ingestMicros(RowData row) {
    if (row instanceof DirectRow) {
      return ((DirectRow) row).number(ingestTime);
    }
    TimestampData time = row.getTimestamp(ingestTime, MICROS);
    return time.getMillisecond() * 1000 + time.getNanoOfMillisecond() / 1000;
  }
}
