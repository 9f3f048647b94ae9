package ai.finks.flink.silver.function;

import ai.finks.flink.table.RunCounts;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which runs the current range's records came from. Records of one run come in a row, so a record
 * costs a comparison; what is remembered is bounded by {@link RunCounts#MAX_RUNS}.
 */
public final class RangeRuns {
  private final Map<String, Long> records = new HashMap<>();
  private @Nullable String run;
  private long inARow;

  /** Counts a record of a run. */
  public void count(String runId) {
    if (!runId.equals(run)) {
      settle();
      run = runId;
    }
    inARow++;
  }

  private void settle() {
    if (run != null && inARow > 0) {
      String told = RunCounts.told(run);
      boolean known = records.size() < RunCounts.MAX_RUNS || records.containsKey(told);
      records.merge(known ? told : RunCounts.OTHERS, inARow, Long::sum);
      inARow = 0;
    }
  }

  /** The counts so far; counting begins again at zero. */
  RunCounts take() {
    settle();
    run = null;
    if (records.isEmpty()) {
      return RunCounts.none();
    }
    RunCounts taken = RunCounts.of(records);
    records.clear();
    return taken;
  }
}
