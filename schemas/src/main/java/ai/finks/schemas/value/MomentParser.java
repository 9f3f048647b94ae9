package ai.finks.schemas.value;

import ai.finks.schemas.binding.EpochUnit;
import ai.finks.schemas.binding.FieldBinding;
import ai.finks.schemas.binding.LocalTimes;
import ai.finks.schemas.payload.Lexeme;
import ai.finks.schemas.payload.Slots;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.ParsePosition;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Dates and instants: ISO 8601, the binding's patterns in order, or a number of an epoch. */
final class MomentParser implements ValueParser {

  private static final String ISO = "iso";
  private static final int MAX_LENGTH = 64;
  private static final byte NO_DATE = 'x';
  private static final long MAX_EPOCH_SECONDS = 400_000_000_000L;

  private final boolean toDay;
  private final LocalTimes localTimes;
  private final @Nullable ZoneId zone;
  private final @Nullable EpochUnit epoch;
  private final boolean dropNanos;
  private final List<DateTimeFormatter> formats = new ArrayList<>();
  private final boolean isoFirst;
  private final IsoScanner scanner = new IsoScanner();
  private final Moment moment = new Moment();
  private final byte[] narrow = new byte[MAX_LENGTH];
  private @Nullable Flaw writtenZoneFlaw;

  private MomentParser(boolean toDay, FieldBinding binding) {
    this.toDay = toDay;
    this.localTimes = binding.localTimes();
    this.zone = localTimes.zone().orElse(null);
    this.epoch = binding.epoch().orElse(null);
    this.dropNanos = binding.rounding().isPresent();
    List<String> patterns = binding.formats();
    this.isoFirst = patterns.isEmpty() || patterns.contains(ISO);
    if (epoch != null && !patterns.isEmpty()) {
      throw new IllegalArgumentException("'epoch' and 'format' exclude each other");
    }
    if (epoch != null && toDay && zone == null) {
      throw new IllegalArgumentException("a date made from an epoch needs a zone");
    }
    for (String pattern : patterns) {
      if (!pattern.equals(ISO)) {
        formats.add(formatter(pattern));
      }
    }
  }

  static MomentParser ofDays(FieldBinding binding) {
    return new MomentParser(true, binding);
  }

  static MomentParser ofInstants(FieldBinding binding) {
    return new MomentParser(false, binding);
  }

  private DateTimeFormatter formatter(String pattern) {
    String fields = pattern.replaceAll("'[^']*'", "");
    if (!toDay && zone == null && !fields.matches(".*[VzOXxZ].*")) {
      throw new IllegalArgumentException(
          "the format '" + pattern + "' has no zone: the field or the binding must give one");
    }
    // Strict resolving wants the proleptic year; the year of an era means the same after Christ.
    String proleptic =
        fields.length() == pattern.length() ? pattern.replace('y', 'u') : unquoted(pattern);
    try {
      return new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .appendPattern(proleptic)
          .toFormatter(Locale.ENGLISH)
          .withResolverStyle(ResolverStyle.STRICT);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'" + pattern + "' is not a date format: " + e.getMessage(), e);
    }
  }

  private static String unquoted(String pattern) {
    StringBuilder out = new StringBuilder();
    boolean quoted = false;
    for (char c : pattern.toCharArray()) {
      quoted ^= c == '\'';
      out.append(c == 'y' && !quoted ? 'u' : c);
    }
    return out.toString();
  }

  @Override
  public @Nullable Flaw parse(Lexeme kind, char[] chars, int offset, int length, Cell out) {
    if (epoch != null) {
      boolean number = kind == Lexeme.NUMBER || kind == Lexeme.TEXT;
      return number && length > 0 ? epoch(epoch, chars, offset, length, out) : Flaw.TYPE_MISMATCH;
    }
    if (kind != Lexeme.TEXT) {
      return Flaw.TYPE_MISMATCH;
    }
    if (isoFirst && iso(chars, offset, length)) {
      return set(out);
    }
    if (!formats.isEmpty() && length <= MAX_LENGTH) {
      String text = new String(chars, offset, length);
      for (DateTimeFormatter format : formats) {
        if (matches(format, text)) {
          return writtenZoneFlaw != null ? writtenZoneFlaw : set(out);
        }
      }
    }
    return Flaw.UNPARSEABLE_DATE;
  }

  @Override
  public @Nullable Flaw parse(Slots slots, int slot, int offset, int length, Cell out) {
    byte[] ascii = slots.ascii();
    Lexeme kind = slots.kind(slot);
    if (ascii != null && epoch == null && isoFirst && kind == Lexeme.TEXT) {
      if (iso(ascii, offset, length)) {
        return set(out);
      }
    } else if (ascii != null && epoch != null && kind == Lexeme.NUMBER) {
      if (slots.decimals(slot) == 0) {
        return epoch(slots.unscaled(slot), Moment.MICROS_PER_SECOND / epoch.micros(), out);
      }
    }
    return parse(kind, slots.chars(), offset, length, out);
  }

  private boolean iso(char[] chars, int offset, int length) {
    if (length > narrow.length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      char c = chars[offset + i];
      narrow[i] = c < 0x80 ? (byte) c : NO_DATE;
    }
    return iso(narrow, 0, length);
  }

  private boolean iso(byte[] ascii, int offset, int length) {
    return toDay
        ? scanner.date(ascii, offset, length, moment)
        : scanner.dateTime(ascii, offset, length, moment);
  }

  private @Nullable Flaw set(Cell out) {
    return toDay ? moment.day(zone, out) : moment.instant(localTimes, dropNanos, out);
  }

  private boolean matches(DateTimeFormatter format, String text) {
    writtenZoneFlaw = null;
    ParsePosition position = new ParsePosition(0);
    // A look that throws nothing comes first, because the next format may be the right one.
    if (format.parseUnresolved(text, position) == null || position.getIndex() != text.length()) {
      return false;
    }
    try {
      TemporalAccessor parsed = format.parse(text);
      LocalDate date = parsed.query(TemporalQueries.localDate());
      if (date == null) {
        return false;
      }
      LocalTime time = parsed.query(TemporalQueries.localTime());
      LocalTime known = time == null ? LocalTime.MIDNIGHT : time;
      moment.setLocal(date.toEpochDay(), known.toSecondOfDay(), known.getNano());
      if (parsed.isSupported(ChronoField.OFFSET_SECONDS)) {
        moment.setOffset(parsed.get(ChronoField.OFFSET_SECONDS));
        return true;
      }
      ZoneId written = parsed.query(TemporalQueries.zoneId());
      writtenZoneFlaw = written == null ? null : moment.setZone(written, localTimes);
      return true;
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  private @Nullable Flaw epoch(EpochUnit unit, char[] chars, int offset, int length, Cell out) {
    long value = 0;
    boolean negative = chars[offset] == '-';
    int start = negative ? offset + 1 : offset;
    int end = offset + length;
    if (end - start < 1 || end - start > 18) {
      return epochSlow(unit, chars, offset, length, out);
    }
    for (int i = start; i < end; i++) {
      int digit = chars[i] - '0';
      if (digit < 0 || digit > 9) {
        return epochSlow(unit, chars, offset, length, out);
      }
      value = value * 10 + digit;
    }
    long perSecond = Moment.MICROS_PER_SECOND / unit.micros();
    return epoch(negative ? -value : value, perSecond, out);
  }

  private @Nullable Flaw epoch(long value, long perSecond, Cell out) {
    long seconds = Math.floorDiv(value, perSecond);
    if (Math.abs(seconds) > MAX_EPOCH_SECONDS) {
      return Flaw.OUT_OF_RANGE;
    }
    int nanos = (int) (Math.floorMod(value, perSecond) * (1_000_000_000L / perSecond));
    moment.setEpoch(seconds, nanos);
    return set(out);
  }

  /** Epochs with a fraction or an exponent. */
  private @Nullable Flaw epochSlow(EpochUnit unit, char[] chars, int offset, int length, Cell out) {
    BigDecimal exact;
    try {
      exact = length > MAX_LENGTH ? BigDecimal.ZERO : new BigDecimal(chars, offset, length);
    } catch (NumberFormatException e) {
      return Flaw.TYPE_MISMATCH;
    }
    if (length > MAX_LENGTH || (long) exact.precision() - exact.scale() > 18) {
      return Flaw.OUT_OF_RANGE;
    }
    if (exact.scale() > MAX_LENGTH) {
      return Flaw.SCALE_EXCEEDED;
    }
    BigDecimal micros = exact.multiply(BigDecimal.valueOf(unit.micros()));
    BigDecimal whole = micros.setScale(0, RoundingMode.FLOOR);
    if (whole.compareTo(micros) != 0 && !dropNanos) {
      return Flaw.SCALE_EXCEEDED;
    }
    if (whole.precision() > 18) {
      return Flaw.OUT_OF_RANGE;
    }
    return epoch(whole.longValueExact(), Moment.MICROS_PER_SECOND, out);
  }
}
