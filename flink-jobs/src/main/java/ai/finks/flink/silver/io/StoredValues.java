package ai.finks.flink.silver.io;

import ai.finks.flink.silver.core.Column;
import ai.finks.flink.silver.core.SilverRow;
import ai.finks.flink.silver.core.StoredRow;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Objects;
import org.apache.iceberg.data.Record;
import org.jspecify.annotations.Nullable;

/** Values of Iceberg's generic records as a silver row has them. */
final class StoredValues {
  private StoredValues() {}

  /** Sets the columns that the stored row asks for. */
  static void set(StoredRow stored, Record row) {
    for (Column column : stored.columns()) {
      set(stored.row(), column, row.getField(column.name()));
    }
  }

  private static void set(SilverRow row, Column column, @Nullable Object value) {
    if (value == null) {
      row.setNull(column.index());
      return;
    }
    switch (column.type().kind()) {
      case STRING:
        row.setText(column.index(), (String) value);
        break;
      case BOOLEAN:
        row.setNumber(column.index(), ((Boolean) value) ? 1 : 0);
        break;
      case DATE:
        row.setNumber(column.index(), ((LocalDate) value).toEpochDay());
        break;
      case TIMESTAMP:
        row.setNumber(column.index(), micros(value));
        break;
      case DECIMAL:
        setDecimal(row, column, (BigDecimal) value);
        break;
      default:
        row.setNumber(column.index(), ((Number) value).longValue());
    }
  }

  private static void setDecimal(SilverRow row, Column column, BigDecimal value) {
    if (column.type().isWide()) {
      row.setWide(column.index(), value);
    } else {
      row.setNumber(column.index(), value.unscaledValue().longValueExact());
    }
  }

  /** An instant in microseconds since 1970. */
  static long micros(@Nullable Object instant) {
    OffsetDateTime time = (OffsetDateTime) Objects.requireNonNull(instant);
    return time.toEpochSecond() * 1_000_000L + time.getNano() / 1000;
  }
}
