package ai.finks.stack.cli;

import ai.finks.flink.replay.ReplayResult;
import ai.finks.flink.replay.core.ReplayPlan;
import ai.finks.flink.replay.core.ReplayRange;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.StreamPartition;
import ai.finks.schemas.lineage.RunFacts;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the lineage topic is told of replays. */
final class ReplayTelling {
  private static final String KIND = "replay";

  private ReplayTelling() {}

  /**
   * A replay that starts, or goes on.
   *
   * @param cause what it follows from; null if somebody asked for it
   */
  static RunFacts facts(ReplayPlan plan, int parallelism, @Nullable String cause) {
    Map<String, String> asked = new TreeMap<>();
    asked.put("by", plan.range().by().label());
    if (plan.range().by() != ReplayRange.By.OFFSETS) {
      asked.put("from", instant(plan.range().fromMicros()));
      asked.put("to", instant(plan.range().toMicros()));
    }
    asked.put("origin", plan.origin());
    asked.put("offsets", plan.ranges());
    asked.put("contract", plan.contract().label() + ' ' + plan.contract().version());
    asked.put("parallel", Integer.toString(parallelism));
    return RunFacts.of(plan.id(), KIND, plan.entity(), Instant.now())
        .correlatedTo(cause)
        .asking(asked, reads(plan), List.of(LakeTables.silver(plan.entity()).toString()));
  }

  private static List<String> reads(ReplayPlan plan) {
    return plan.origin().equals("bronze")
        ? List.of(LakeTables.BRONZE_FILES.toString())
        : plan.offsets().keySet().stream().map(StreamPartition::topic).distinct().toList();
  }

  private static String instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
  }

  /** What came of it. */
  static Map<String, Object> came(ReplayResult result) {
    Map<String, Object> came = new TreeMap<>(result.audit().rows());
    came.put("state", result.state().label());
    came.put("records", result.plan().records());
    came.put("periods", (long) result.audit().periods().size());
    return came;
  }

  /** Why it is no success, if it is none. */
  static Optional<String> failure(ReplayResult result) {
    return result.objection().map(why -> "the audit objects; what is staged stays");
  }
}
