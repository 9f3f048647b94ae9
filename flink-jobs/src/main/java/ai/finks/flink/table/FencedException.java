package ai.finks.flink.table;

/** Another writer has moved this job's offsets in the table: this copy of the job must end. */
public final class FencedException extends JobStoppedException {
  private static final long serialVersionUID = 1;

  public FencedException(String message) {
    super(message);
  }
}
