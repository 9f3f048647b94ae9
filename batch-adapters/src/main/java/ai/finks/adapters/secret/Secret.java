package ai.finks.adapters.secret;

import java.nio.charset.StandardCharsets;

/** A value that no text shows: neither its own nor, after {@link #redact}, anybody else's. */
public final class Secret {
  // Shorter values, like a demonstration key, are words that honest content may hold.
  private static final int RECOGNISABLE_LENGTH = 12;

  private final String value;
  private final byte[] bytes;

  private Secret(String value) {
    this.value = value;
    this.bytes = value.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * @throws IllegalArgumentException when the value is blank or holds control characters
   */
  public static Secret of(String value) {
    String stripped = value.strip();
    if (stripped.isEmpty()) {
      throw new IllegalArgumentException("a secret must not be empty");
    }
    if (stripped.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("a secret must be one line of text");
    }
    return new Secret(stripped);
  }

  /** The value itself, for the one who needs it. */
  public String reveal() {
    return value;
  }

  /** The text with every occurrence of this secret blanked. */
  public String redact(String text) {
    return text.replace(value, "***");
  }

  /** True if content holds this secret; never for one so short that it may be a common word. */
  public boolean isIn(byte[] content) {
    if (bytes.length < RECOGNISABLE_LENGTH) {
      return false;
    }
    for (int at = 0; at <= content.length - bytes.length; at++) {
      if (content[at] == bytes[0] && matchesAt(content, at)) {
        return true;
      }
    }
    return false;
  }

  private boolean matchesAt(byte[] content, int at) {
    for (int i = 1; i < bytes.length; i++) {
      if (content[at + i] != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return "***";
  }
}
