package ai.finks.adapters;

import ai.finks.adapters.core.IngestFailure;
import java.util.List;

/**
 * What an execution of a run did.
 *
 * @param runId the run
 * @param sent records that this execution sent and the stream acknowledged
 * @param bytes their payload bytes
 * @param seconds how long it took
 * @param failed what was asked for and not had, by any execution of the run
 * @param sentBefore records that earlier executions sent
 * @param finished false if the same run id would go on with units that may yet succeed
 */
public record IngestReport(
    String runId,
    long sent,
    long bytes,
    double seconds,
    List<IngestFailure> failed,
    long sentBefore,
    boolean finished) {

  public IngestReport {
    failed = List.copyOf(failed);
  }

  /** 0 when all that was asked for was sent, else 1. */
  public int exitCode() {
    return failed.isEmpty() && finished ? 0 : 1;
  }
}
