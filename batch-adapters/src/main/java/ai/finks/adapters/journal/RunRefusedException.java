package ai.finks.adapters.journal;

/**
 * A run id that cannot be used as asked: malformed, in use, or of a run that does something else.
 */
public final class RunRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RunRefusedException(String message) {
    super(message);
  }
}
