package ai.finks.stack.infer;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/**
 * What a place of a sample seems to hold.
 *
 * @param name a name for the contract's field
 * @param place a JSON pointer or a CSV column
 * @param kind what its values are
 * @param reading how the binding reads them, as text of its YAML; empty when nothing is to be said
 * @param required whether every record has it
 * @param unique whether no two records share a value
 */
public record FieldSketch(
    String name, String place, Kind kind, String reading, boolean required, boolean unique) {

  /** Types as contracts know them, and what is none. */
  public enum Kind {
    STRING,
    BOOLEAN,
    LONG,
    DECIMAL,
    WIDE_DECIMAL,
    DATE,
    TIMESTAMP,
    /** Lists, or values of several kinds: bound to nothing. */
    UNCLEAR
  }

  private static final List<String> DAYS =
      List.of("iso", "uuuuMMdd", "MM/dd/uuuu", "dd/MM/uuuu", "dd.MM.uuuu", "M/d/uuuu");
  private static final List<String> LOCAL_TIMES =
      List.of("uuuu-MM-dd HH:mm:ss", "MM/dd/uuuu HH:mm:ss", "dd.MM.uuuu HH:mm:ss");
  private static final Set<String> TIME_WORDS = Set.of("time", "date", "ts", "at", "timestamp");
  private static final int MAX_SCALE = 6;
  private static final int MAX_DIGITS = 18;
  private static final long SECONDS_OF_2000 = 946_684_800L;
  private static final long SECONDS_OF_2100 = 4_102_444_800L;

  static FieldSketch of(String name, String place, PlaceValues values, int records) {
    boolean required = records > 0 && values.count() == records;
    boolean unique = required && values.isUnique();
    Function<Kind, Function<String, FieldSketch>> sketch =
        kind -> reading -> new FieldSketch(name, place, kind, reading, required, unique);
    if (values.isMixed() || values.count() == 0) {
      return sketch.apply(Kind.UNCLEAR).apply("");
    }
    if (values.areBooleans() || values.all(text -> text.matches("true|false"))) {
      return sketch.apply(Kind.BOOLEAN).apply("");
    }
    String time = timeReading(name, values);
    if (!time.isEmpty()) {
      return sketch.apply(Kind.TIMESTAMP).apply(time.equals("iso") ? "" : time);
    }
    for (String pattern : DAYS) {
      if (values.all(text -> isDay(text, pattern))) {
        return sketch
            .apply(Kind.DATE)
            .apply(pattern.equals("iso") ? "" : "format: " + pattern.replace('u', 'y'));
      }
    }
    return sketch.apply(numberOrText(values)).apply("");
  }

  /** {@code iso}, a reading, or empty when the values are no instants. */
  private static String timeReading(String name, PlaceValues values) {
    if (values.all(FieldSketch::isInstant)) {
      return "iso";
    }
    for (String pattern : LOCAL_TIMES) {
      if (values.all(text -> isLocalTime(text, pattern))) {
        return "format: '" + pattern.replace('u', 'y') + "', zone: UTC";
      }
    }
    boolean named = List.of(name.split("_")).stream().anyMatch(TIME_WORDS::contains);
    if (named && values.areNumbers()) {
      for (String unit : List.of("seconds", "millis", "micros")) {
        long per = unit.equals("seconds") ? 1 : unit.equals("millis") ? 1_000 : 1_000_000;
        if (values.all(text -> isEpoch(text, per))) {
          return "epoch: " + unit;
        }
      }
    }
    return "";
  }

  private static Kind numberOrText(PlaceValues values) {
    if (!values.all(text -> text.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?"))) {
      return Kind.STRING;
    }
    boolean whole = values.all(text -> text.matches("-?[0-9]{1,18}"));
    boolean counted = values.areNumbers() || values.all(text -> text.length() <= 9);
    if (whole) {
      return counted ? Kind.LONG : Kind.STRING;
    }
    boolean fits =
        values.all(
            text -> {
              BigDecimal number = new BigDecimal(text).stripTrailingZeros();
              return number.scale() <= MAX_SCALE
                  && number.precision() - number.scale() <= MAX_DIGITS - MAX_SCALE;
            });
    return fits ? Kind.DECIMAL : Kind.WIDE_DECIMAL;
  }

  private static boolean isEpoch(String text, long perSecond) {
    return text.matches("[0-9]{9,17}")
        && Long.parseLong(text) / perSecond >= SECONDS_OF_2000
        && Long.parseLong(text) / perSecond < SECONDS_OF_2100;
  }

  private static boolean isInstant(String text) {
    return parses(() -> OffsetDateTime.parse(text));
  }

  private static boolean isLocalTime(String text, String pattern) {
    return parses(() -> LocalDateTime.parse(text, formatter(pattern)));
  }

  private static boolean isDay(String text, String pattern) {
    return parses(
        () ->
            LocalDate.parse(
                text,
                pattern.equals("iso") ? DateTimeFormatter.ISO_LOCAL_DATE : formatter(pattern)));
  }

  private static DateTimeFormatter formatter(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT)
        .withResolverStyle(ResolverStyle.STRICT);
  }

  private static boolean parses(Runnable parse) {
    try {
      parse.run();
      return true;
    } catch (DateTimeParseException e) {
      return false;
    }
  }
}
