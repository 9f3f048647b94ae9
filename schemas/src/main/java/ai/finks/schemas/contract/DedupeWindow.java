package ai.finks.schemas.contract;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How long a key is remembered, in ingest time: for ever, or for at least a length of time. What a
 * forgotten key brings again is kept again.
 */
public final class DedupeWindow {

  private static final String ALL = "all";
  private static final Duration SHORTEST = Duration.ofMinutes(1);
  private static final Duration LONGEST = Duration.ofDays(36_525);

  private final @Nullable Duration length;

  private DedupeWindow(@Nullable Duration length) {
    this.length = length;
  }

  /** Keys are never forgotten. */
  public static DedupeWindow all() {
    return new DedupeWindow(null);
  }

  /**
   * Reads {@code all} or an ISO 8601 length of weeks, days, hours, minutes, seconds: {@code P30D}.
   *
   * @throws IllegalArgumentException when it is neither, or shorter than a minute or longer than a
   *     century
   */
  public static DedupeWindow parse(String text) {
    if (text.equals(ALL)) {
      return all();
    }
    Duration length = IsoLength.parse(text, "'all' or ");
    if (length.compareTo(SHORTEST) < 0 || length.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "'" + text + "' must be at least a minute and at most a century");
    }
    return new DedupeWindow(length);
  }

  public boolean isAll() {
    return length == null;
  }

  /**
   * The length in microseconds.
   *
   * @throws IllegalStateException when the window is {@code all}
   */
  public long micros() {
    if (length == null) {
      throw new IllegalStateException("a window of everything has no length");
    }
    return Math.addExact(
        Math.multiplyExact(length.getSeconds(), 1_000_000L), length.getNano() / 1000);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DedupeWindow && Objects.equals(length, ((DedupeWindow) other).length);
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(length);
  }

  @Override
  public String toString() {
    return length == null ? ALL : length.toString();
  }
}
