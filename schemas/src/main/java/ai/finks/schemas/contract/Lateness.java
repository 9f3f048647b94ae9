package ai.finks.schemas.contract;

import java.time.Duration;

/**
 * How long after its event time, or after it was first taken in, a record may still come by the
 * stream. A replay of a past range reads that much further.
 */
final class Lateness {
  private static final Duration LONGEST = Duration.ofDays(36_525);

  private Lateness() {}

  /**
   * Reads an ISO 8601 length of weeks, days, hours, minutes, seconds: {@code P7D}.
   *
   * @throws IllegalArgumentException when it is none, negative, or longer than a century
   */
  static Duration parse(String text) {
    Duration lateness = IsoLength.parse(text, "");
    if (lateness.isNegative() || lateness.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "'" + text + "' must not be negative and at most a century");
    }
    return lateness;
  }
}
