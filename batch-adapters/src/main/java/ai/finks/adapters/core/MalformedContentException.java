package ai.finks.adapters.core;

import java.io.IOException;

/** Content that does not have the shape that it should have; the message holds no content. */
public final class MalformedContentException extends IOException {
  private static final long serialVersionUID = 1L;

  /** What is wrong with the content. */
  public enum Kind {
    /** The stream ended before its content did. */
    TRUNCATED,
    /** The content is something else than a JSON array. */
    NOT_AN_ARRAY,
    /** A JSON array that breaks JSON's structure. */
    BROKEN
  }

  private final Kind kind;

  /**
   * @param kind what is wrong
   * @param message what was expected and where, without any of the content
   */
  public MalformedContentException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
