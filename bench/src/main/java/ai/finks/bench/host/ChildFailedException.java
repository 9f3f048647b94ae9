package ai.finks.bench.host;

/** A process of a benchmark did not do what it was started for; the message ends with its log. */
public final class ChildFailedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public ChildFailedException(String message) {
    super(message);
  }
}
