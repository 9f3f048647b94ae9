package ai.finks.adapters.core;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads settings by key, once each, and refuses what nobody asked for. Errors name the key and the
 * value.
 */
public final class Settings {
  private final String owner;
  private final Map<String, String> rest;

  /**
   * @param owner whose settings they are, for messages
   * @param settings keys and values
   */
  public Settings(String owner, Map<String, String> settings) {
    this.owner = owner;
    this.rest = new TreeMap<>(settings);
  }

  public @Nullable String optional(String key) {
    return rest.remove(key);
  }

  public String text(String key, String otherwise) {
    String value = rest.remove(key);
    return value == null ? otherwise : value;
  }

  public String required(String key) {
    String value = rest.remove(key);
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException(owner + " needs " + key);
    }
    return value;
  }

  /** A whole number of {@code least} or more. */
  public int number(String key, int otherwise, int least) {
    String value = rest.remove(key);
    if (value == null) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(value);
      if (number >= least) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw refused(key, value, "a whole number of " + least + " or more");
  }

  /** An ISO-8601 duration of a millisecond or more. */
  public Duration duration(String key, Duration otherwise) {
    String value = rest.remove(key);
    if (value == null) {
      return otherwise;
    }
    try {
      Duration duration = Duration.parse(value);
      if (duration.toMillis() >= 1) {
        return duration;
      }
    } catch (DateTimeParseException | ArithmeticException e) {
      // Said below.
    }
    throw refused(key, value, "a duration like PT30S");
  }

  /** An error that names the key, its value and what was expected. */
  public static IllegalArgumentException refused(String key, String value, String expected) {
    return new IllegalArgumentException(key + " = " + value + ": expected " + expected);
  }

  /** Must be called after all keys were read. */
  public void refuseTheRest() {
    if (!rest.isEmpty()) {
      throw new IllegalArgumentException(
          "unknown settings of " + owner + ": " + String.join(", ", rest.keySet()));
    }
  }
}
