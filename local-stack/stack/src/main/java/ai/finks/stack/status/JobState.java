package ai.finks.stack.status;

/**
 * A Flink job as its cluster shows it.
 *
 * @param name the job's name
 * @param id Flink's id
 * @param state Flink's word for its state, or {@code UNKNOWN}
 * @param failure why it failed last, empty if it never did
 */
public record JobState(String name, String id, String state, String failure) {
  /** Whether it ended for good: nobody will restart it. */
  public boolean isDead() {
    return state.equals("FAILED")
        || state.equals("CANCELED")
        || state.equals("FINISHED")
        || state.equals("SUSPENDED");
  }

  /** Whether it works at this moment. */
  public boolean isRunning() {
    return state.equals("RUNNING");
  }
}
