package ai.finks.schemas.contract;

import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The type of a contract's field.
 *
 * <p>There are no binary floating-point types: money, prices and ratios are decimals.
 */
public final class FieldType {

  /** The kinds of types. */
  public enum Kind {
    STRING,
    BOOLEAN,
    /** 32 bits. */
    INT,
    /** 64 bits. */
    LONG,
    /** Exact, with a precision and a scale. */
    DECIMAL,
    /** A calendar day without zone. */
    DATE,
    /** An instant, in UTC microseconds. */
    TIMESTAMP
  }

  public static final FieldType STRING = new FieldType(Kind.STRING, 0, 0);
  public static final FieldType BOOLEAN = new FieldType(Kind.BOOLEAN, 0, 0);
  public static final FieldType INT = new FieldType(Kind.INT, 0, 0);
  public static final FieldType LONG = new FieldType(Kind.LONG, 0, 0);
  public static final FieldType DATE = new FieldType(Kind.DATE, 0, 0);
  public static final FieldType TIMESTAMP = new FieldType(Kind.TIMESTAMP, 0, 0);

  /** Decimals of up to this precision fit a long. */
  public static final int MAX_COMPACT_PRECISION = 18;

  private static final int MAX_PRECISION = 38;

  private final Kind kind;
  private final int precision;
  private final int scale;

  private FieldType(Kind kind, int precision, int scale) {
    this.kind = kind;
    this.precision = precision;
    this.scale = scale;
  }

  /**
   * A decimal type.
   *
   * @throws IllegalArgumentException unless 1 ≤ precision ≤ 38 and 0 ≤ scale ≤ precision
   */
  public static FieldType decimal(int precision, int scale) {
    if (precision < 1 || precision > MAX_PRECISION) {
      throw new IllegalArgumentException(
          "a decimal's precision must be from 1 to " + MAX_PRECISION + ", not " + precision);
    }
    if (scale < 0 || scale > precision) {
      throw new IllegalArgumentException(
          "a decimal's scale must be from 0 to its precision " + precision + ", not " + scale);
    }
    return new FieldType(Kind.DECIMAL, precision, scale);
  }

  public Kind kind() {
    return kind;
  }

  /** All digits of a decimal; 0 for other kinds. */
  public int precision() {
    return precision;
  }

  /** Digits behind the point of a decimal; 0 for other kinds. */
  public int scale() {
    return scale;
  }

  /** Whether values are kept as text. */
  public boolean isText() {
    return kind == Kind.STRING;
  }

  /** Whether values need more than a long: decimals of more than 18 digits. */
  public boolean isWide() {
    return kind == Kind.DECIMAL && precision > MAX_COMPACT_PRECISION;
  }

  /** Whether values can be added and compared as numbers. */
  public boolean isNumeric() {
    return kind == Kind.INT || kind == Kind.LONG || kind == Kind.DECIMAL;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof FieldType)) {
      return false;
    }
    FieldType that = (FieldType) other;
    return kind == that.kind && precision == that.precision && scale == that.scale;
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, precision, scale);
  }

  /** For example {@code string} or {@code decimal(18,6)}. */
  @Override
  public String toString() {
    String name = kind.name().toLowerCase(Locale.ROOT);
    return kind == Kind.DECIMAL ? name + "(" + precision + "," + scale + ")" : name;
  }
}
