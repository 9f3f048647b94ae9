package ai.finks.adapters;

/** Hears how a run goes. Calls may come from several threads and must be quick. */
public interface IngestListener {

  /** Hears nothing. */
  IngestListener NONE = new IngestListener() {};

  /**
   * Called once, before anything is asked for or sent.
   *
   * @param runId the run; the same id resumes it
   * @param resumed true if an earlier execution began it
   * @param origin where the records come from, for example the base URL
   */
  default void started(String runId, boolean resumed, String origin) {}

  /** Called now and then. */
  default void progress(IngestProgress progress) {}

  /**
   * Something that a user may want to know: a pause that the source asked for, an odd file name.
   */
  default void note(String text) {}
}
