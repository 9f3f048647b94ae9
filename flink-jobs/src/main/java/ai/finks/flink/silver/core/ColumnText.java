package ai.finks.flink.silver.core;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;

/** Writes columns as text: decimals with their full scale, dates and instants in ISO 8601. */
final class ColumnText {

  private ColumnText() {}

  /** The text of a column that is not null. */
  static String of(Column column, SilverRow row) {
    int index = column.index();
    long number = row.number(index);
    switch (column.type().kind()) {
      case STRING:
        return String.valueOf(row.text(index));
      case BOOLEAN:
        return String.valueOf(number != 0);
      case INT:
      case LONG:
        return Long.toString(number);
      case DATE:
        return LocalDate.ofEpochDay(number).toString();
      case TIMESTAMP:
        return Instant.EPOCH.plus(number, ChronoUnit.MICROS).toString();
      case DECIMAL:
        BigDecimal wide = row.wide(index);
        BigDecimal value =
            column.type().isWide() && wide != null
                ? wide
                : BigDecimal.valueOf(number, column.type().scale());
        return value.toPlainString();
    }
    throw new AssertionError(column);
  }
}
