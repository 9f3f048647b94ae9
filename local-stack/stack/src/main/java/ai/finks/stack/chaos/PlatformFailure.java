package ai.finks.stack.chaos;

/** The run itself could not go on: no verdict about any invariant. */
public final class PlatformFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PlatformFailure(String message) {
    super(message);
  }

  PlatformFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
