package ai.finks.stack.trace;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Values in the form that Iceberg compares a column's values with: days, microseconds, numbers. */
final class ColumnLiteral {
  private ColumnLiteral() {}

  /** A written text as a value of the type, null if it is none. */
  static @Nullable Object ofText(String text, Type type) {
    try {
      return switch (type.typeId()) {
        case STRING -> text;
        case DATE -> (int) LocalDate.parse(text).toEpochDay();
        case TIMESTAMP -> micros(text, ((Types.TimestampType) type).shouldAdjustToUTC());
        case BOOLEAN -> text.equals("true") || text.equals("false") ? text.equals("true") : null;
        default -> null;
      };
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** A written number as a value of the type, null if it is none. */
  static @Nullable Object ofNumber(BigDecimal number, Type type) {
    try {
      return switch (type.typeId()) {
        case INTEGER -> number.intValueExact();
        case LONG -> number.longValueExact();
        case DECIMAL ->
            number.setScale(((Types.DecimalType) type).scale(), RoundingMode.UNNECESSARY);
        case DOUBLE -> number.doubleValue();
        case FLOAT -> number.floatValue();
        default -> null;
      };
    } catch (ArithmeticException e) {
      return null;
    }
  }

  /**
   * A value out of another row, as a value of the type; null if there is no such value.
   *
   * @param plusDays moves a date or an instant
   */
  static @Nullable Object ofValue(Object value, Type type, long plusDays) {
    if (value instanceof LocalDate day) {
      LocalDate moved = day.plusDays(plusDays);
      return switch (type.typeId()) {
        case DATE -> (int) moved.toEpochDay();
        case TIMESTAMP -> micros(moved.atStartOfDay().toInstant(ZoneOffset.UTC));
        default -> null;
      };
    }
    if (value instanceof OffsetDateTime time) {
      return switch (type.typeId()) {
        case TIMESTAMP -> micros(time.plusDays(plusDays).toInstant());
        default -> null;
      };
    }
    if (plusDays != 0) {
      return null;
    }
    if (value instanceof Number number) {
      return ofNumber(new BigDecimal(number.toString()), type);
    }
    return ofText(value.toString(), type);
  }

  /** How a value of the type is written, for whoever wrote something else. */
  static String example(Type type) {
    return switch (type.typeId()) {
      case STRING -> "a text, 'like this'";
      case DATE -> "a date, '2026-01-05'";
      case TIMESTAMP -> "an instant, '2026-01-05T17:00:00Z'";
      case INTEGER, LONG -> "a whole number";
      case DECIMAL -> "a number with at most " + ((Types.DecimalType) type).scale() + " decimals";
      case DOUBLE, FLOAT -> "a number";
      case BOOLEAN -> "'true' or 'false'";
      default -> "only 'is null' or 'is not null'";
    };
  }

  private static long micros(String text, boolean utc) {
    if (text.indexOf('T') < 0 && text.indexOf(' ') < 0) {
      return micros(LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC));
    }
    String iso = text.replace(' ', 'T');
    boolean zoned = utc && iso.matches(".*(Z|[+-]\\d\\d:\\d\\d)");
    return micros(
        zoned
            ? OffsetDateTime.parse(iso).toInstant()
            : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC));
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }
}
