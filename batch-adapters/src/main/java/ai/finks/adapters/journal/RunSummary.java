package ai.finks.adapters.journal;

import java.time.Instant;
import java.util.Map;

/**
 * A run as its journal tells it.
 *
 * @param runId the run
 * @param adapter which adapter, for example {@code fmp.bars}
 * @param args what it was started with; enough to start it again, no secrets
 * @param state where it is
 * @param started when it was first started
 * @param sent records that the stream acknowledged, over all its executions
 * @param unitsDone units that are finished
 * @param units units in all
 */
public record RunSummary(
    String runId,
    String adapter,
    Map<String, String> args,
    State state,
    Instant started,
    long sent,
    int unitsDone,
    int units) {

  /** Where a run is. */
  public enum State {
    /** A process is at it. */
    RUNNING,
    /** Interrupted, or with units that may yet succeed: the same run id resumes it. */
    UNFINISHED,
    /** The same run id does nothing more. */
    FINISHED,
    /** Its journal is damaged: only run id and start are known, and nothing can resume it. */
    UNREADABLE
  }

  static RunSummary unreadable(String runId, Instant started) {
    return new RunSummary(runId, "unknown", Map.of(), State.UNREADABLE, started, 0, 0, 0);
  }

  public RunSummary {
    args = Map.copyOf(args);
  }
}
