package ai.finks.schemas.contract;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time as contracts write them: ISO 8601, in weeks, days or shorter. */
final class IsoLength {
  private static final Pattern WEEKS = Pattern.compile("P(\\d{1,4})W");

  private IsoLength() {}

  /**
   * Reads a length such as {@code P30D}, {@code P2W} or {@code PT12H}.
   *
   * @param alternative what else the text might have been, for the message
   * @throws IllegalArgumentException when it is none
   */
  static Duration parse(String text, String alternative) {
    Matcher weeks = WEEKS.matcher(text);
    if (weeks.matches()) {
      return Duration.ofDays(7L * Integer.parseInt(weeks.group(1)));
    }
    try {
      return Duration.parse(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' must be "
              + alternative
              + "an ISO length of weeks, days or shorter, such as P30D (months and years differ in"
              + " length)",
          e);
    }
  }
}
