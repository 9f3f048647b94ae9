package ai.finks.adapters.journal;

import ai.finks.adapters.core.IngestFailure;
import java.util.List;

/**
 * How a unit ended, for good.
 *
 * @param sent records that the stream holds
 * @param bytes their payload bytes
 * @param failed what of the unit could not be had or sent
 */
public record UnitResult(long sent, long bytes, List<IngestFailure> failed) {

  public UnitResult {
    failed = List.copyOf(failed);
  }
}
