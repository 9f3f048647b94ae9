package ai.finks.flink.silver.redrive;

import ai.finks.flink.silver.core.RecordCoordinate;
import java.util.List;

/** One record of the quarantine and what became of it. Immutable; holds nothing of the payload. */
public final class RedriveResult {
  private final RecordCoordinate refused;
  private final RedriveState state;
  private final List<String> reasons;

  RedriveResult(RecordCoordinate refused, RedriveState state, List<String> reasons) {
    this.refused = refused;
    this.state = state;
    this.reasons = List.copyOf(reasons);
  }

  /** Where the record was refused. */
  public RecordCoordinate refused() {
    return refused;
  }

  public RedriveState state() {
    return state;
  }

  /** Why it is refused, or what an earlier call made of it; never a value of the payload. */
  public List<String> reasons() {
    return reasons;
  }

  @Override
  public String toString() {
    return refused + " " + state.label() + (reasons.isEmpty() ? "" : " " + reasons);
  }
}
