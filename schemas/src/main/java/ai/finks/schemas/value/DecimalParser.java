package ai.finks.schemas.value;

import ai.finks.schemas.contract.FieldType;
import ai.finks.schemas.payload.Lexeme;
import ai.finks.schemas.payload.Slots;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * Decimals and integers, from their exact text: digits with at most one point, and an exponent if
 * need be; {@code .5} is a half. Zeros behind the field's scale are no excess.
 */
final class DecimalParser implements ValueParser {

  private static final int MAX_LENGTH = 1_000;
  private static final int MAX_SCALE = 100_000;
  private static final int MAX_FAST_DIGITS = 18;

  private static final byte NO_DIGIT = 'x';

  private static final long[] POWERS = new long[MAX_FAST_DIGITS + 1];

  static {
    POWERS[0] = 1;
    for (int i = 1; i < POWERS.length; i++) {
      POWERS[i] = POWERS[i - 1] * 10;
    }
  }

  private final boolean wide;
  private final int scale;
  private final int precision;
  private final long least;
  private final long most;
  private final @Nullable RoundingMode rounding;
  private final byte[] narrow = new byte[2 * MAX_FAST_DIGITS];
  private long scanned;
  private int scannedDecimals;

  private DecimalParser(
      FieldType type, int precision, long least, long most, @Nullable RoundingMode rounding) {
    this.wide = type.isWide();
    this.scale = type.scale();
    this.precision = precision;
    this.least = least;
    this.most = most;
    this.rounding = rounding;
  }

  /** A parser for a numeric type. */
  static DecimalParser of(FieldType type, @Nullable RoundingMode rounding) {
    switch (type.kind()) {
      case INT:
        return new DecimalParser(type, 10, Integer.MIN_VALUE, Integer.MAX_VALUE, rounding);
      case LONG:
        return new DecimalParser(type, 19, Long.MIN_VALUE, Long.MAX_VALUE, rounding);
      default:
        long most = type.isWide() ? Long.MAX_VALUE : POWERS[type.precision()] - 1;
        return new DecimalParser(type, type.precision(), -most, most, rounding);
    }
  }

  @Override
  public @Nullable Flaw parse(Lexeme kind, char[] chars, int offset, int length, Cell out) {
    if ((kind != Lexeme.NUMBER && kind != Lexeme.TEXT) || length == 0) {
      return Flaw.TYPE_MISMATCH;
    }
    if (wide || length > narrow.length) {
      return slow(chars, offset, length, out);
    }
    for (int i = 0; i < length; i++) {
      char c = chars[offset + i];
      narrow[i] = c < 0x80 ? (byte) c : NO_DIGIT;
    }
    if (!scan(narrow, 0, length)) {
      return slow(chars, offset, length, out);
    }
    return set(scanned * POWERS[scale - scannedDecimals], out);
  }

  @Override
  public @Nullable Flaw parse(Slots slots, int slot, int offset, int length, Cell out) {
    byte[] ascii = slots.ascii();
    Lexeme kind = slots.kind(slot);
    if (ascii != null && !wide && length > 0) {
      if (kind == Lexeme.NUMBER) {
        int decimals = slots.decimals(slot);
        // Never more digits than characters; 18 digits fit.
        if (decimals >= 0 && decimals <= scale && length + scale - decimals <= MAX_FAST_DIGITS) {
          return set(slots.unscaled(slot) * POWERS[scale - decimals], out);
        }
      }
      if ((kind == Lexeme.NUMBER || kind == Lexeme.TEXT) && scan(ascii, offset, length)) {
        return set(scanned * POWERS[scale - scannedDecimals], out);
      }
    }
    return parse(kind, slots.chars(), offset, length, out);
  }

  /** Whether bytes are a plain number that fits 18 digits at the field's scale; it is then kept. */
  private boolean scan(byte[] ascii, int offset, int length) {
    int end = offset + length;
    boolean negative = ascii[offset] == '-';
    int i = negative || ascii[offset] == '+' ? offset + 1 : offset;
    long value = 0;
    int digits = 0;
    int point = -1;
    for (; i < end; i++) {
      int digit = ascii[i] - '0';
      if (digit >= 0 && digit <= 9) {
        value = value * 10 + digit;
        digits++;
      } else if (ascii[i] == '.' && point < 0) {
        point = digits;
      } else {
        return false;
      }
    }
    int decimals = point < 0 ? 0 : digits - point;
    scanned = negative ? -value : value;
    scannedDecimals = decimals;
    return digits > 0
        && digits <= MAX_FAST_DIGITS
        && decimals <= scale
        && digits + scale - decimals <= MAX_FAST_DIGITS
        && decimals != 0 == point >= 0;
  }

  private @Nullable Flaw set(long unscaled, Cell out) {
    if (unscaled < least || unscaled > most) {
      return Flaw.OUT_OF_RANGE;
    }
    out.setNumber(unscaled);
    return null;
  }

  private @Nullable Flaw slow(char[] chars, int offset, int length, Cell out) {
    if (length > MAX_LENGTH) {
      return Flaw.OUT_OF_RANGE;
    }
    if (!isNumber(chars, offset, length)) {
      return Flaw.TYPE_MISMATCH;
    }
    BigDecimal exact;
    try {
      exact = new BigDecimal(chars, offset, length);
    } catch (NumberFormatException e) {
      // An exponent beyond what an int holds.
      return Flaw.OUT_OF_RANGE;
    }
    return exact.signum() == 0 ? fit(BigDecimal.ZERO, out) : fit(exact, out);
  }

  /** Parses a number and multiplies it by a factor and a power of ten before it must fit. */
  @Nullable Flaw scaled(
      char[] chars, int offset, int length, BigDecimal factor, int power, Cell out) {
    if (length > MAX_LENGTH) {
      return Flaw.OUT_OF_RANGE;
    }
    if (length == 0 || !isNumber(chars, offset, length)) {
      return Flaw.TYPE_MISMATCH;
    }
    BigDecimal exact;
    try {
      exact = new BigDecimal(chars, offset, length);
    } catch (NumberFormatException e) {
      return Flaw.OUT_OF_RANGE;
    }
    if (exact.signum() == 0) {
      return fit(BigDecimal.ZERO, out);
    }
    // So far beyond every type that no factor brings it back.
    boolean beyond = Math.abs((long) exact.scale()) > MAX_SCALE;
    return fit(beyond ? exact : exact.multiply(factor).scaleByPowerOfTen(power), out);
  }

  private @Nullable Flaw fit(BigDecimal exact, Cell out) {
    // Exponents are looked at before digits are made: 1e999999999 must cost nothing.
    long magnitude = (long) exact.precision() - exact.scale();
    if (magnitude > precision - scale) {
      return Flaw.OUT_OF_RANGE;
    }
    if (magnitude < -MAX_LENGTH - (long) scale) {
      return rounding == null ? Flaw.SCALE_EXCEEDED : fit(BigDecimal.ZERO, out);
    }
    BigDecimal scaled;
    if (rounding != null) {
      scaled = exact.setScale(scale, rounding);
    } else {
      scaled = exact.setScale(scale, RoundingMode.DOWN);
      if (scaled.compareTo(exact) != 0) {
        return Flaw.SCALE_EXCEEDED;
      }
    }
    if (wide) {
      if (scaled.precision() > precision) {
        return Flaw.OUT_OF_RANGE;
      }
      out.setWide(scaled);
      return null;
    }
    if (scaled.unscaledValue().bitLength() > Long.SIZE - 1) {
      return Flaw.OUT_OF_RANGE;
    }
    return set(scaled.unscaledValue().longValue(), out);
  }

  /** Digits, maybe a point with more digits behind it, and maybe an exponent. */
  private static boolean isNumber(char[] chars, int offset, int length) {
    int end = offset + length;
    int i = offset;
    if (chars[i] == '-' || chars[i] == '+') {
      i++;
    }
    int start = i;
    i = digits(chars, i, end);
    if (i == start && (i == end || chars[i] != '.')) {
      return false;
    }
    if (i < end && chars[i] == '.') {
      int fraction = digits(chars, i + 1, end);
      if (fraction == i + 1) {
        return false;
      }
      i = fraction;
    }
    if (i < end && (chars[i] == 'e' || chars[i] == 'E')) {
      i++;
      if (i < end && (chars[i] == '-' || chars[i] == '+')) {
        i++;
      }
      start = i;
      i = digits(chars, i, end);
      if (i == start) {
        return false;
      }
    }
    return i == end;
  }

  private static int digits(char[] chars, int start, int end) {
    int i = start;
    while (i < end && chars[i] >= '0' && chars[i] <= '9') {
      i++;
    }
    return i;
  }
}
