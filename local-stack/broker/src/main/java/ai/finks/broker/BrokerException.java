package ai.finks.broker;

/** The embedded broker could not start, stop, or do what was asked of it. */
public final class BrokerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BrokerException(String message, Throwable cause) {
    super(message, cause);
  }

  BrokerException(String message) {
    super(message);
  }
}
