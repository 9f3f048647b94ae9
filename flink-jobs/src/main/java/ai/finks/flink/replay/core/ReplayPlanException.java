package ai.finks.flink.replay.core;

/** What is asked for cannot be replayed; says why, and what can be done. */
public final class ReplayPlanException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public ReplayPlanException(String message) {
    super(message);
  }
}
