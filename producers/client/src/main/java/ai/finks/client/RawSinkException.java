package ai.finks.client;

import org.jspecify.annotations.Nullable;

/** The stream could not be written to; the message says where and what to do. */
public class RawSinkException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RawSinkException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
