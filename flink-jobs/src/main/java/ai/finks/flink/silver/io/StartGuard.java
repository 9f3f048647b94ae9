package ai.finks.flink.silver.io;

import ai.finks.flink.table.ForeignWriters;
import ai.finks.flink.table.JobStoppedException;
import java.time.Duration;
import java.util.Map;
import org.apache.iceberg.Table;

/** Lets a newcomer yield to a copy of the job that is still committing. */
final class StartGuard {
  private static final int INTERVALS = 3;

  private StartGuard() {}

  /**
   * Refuses the start if another submission committed within the last three checkpoint intervals.
   *
   * @throws JobStoppedException naming the table and the other writer
   */
  static void check(Pipeline pipeline, Map<PipelineTable, Table> tables, long nowMillis) {
    if (pipeline.takesOver()) {
      return;
    }
    Duration window = pipeline.checkpointInterval().multipliedBy(INTERVALS);
    tables.forEach(
        (role, table) -> {
          if (!role.isShared()) {
            ForeignWriters.requireNone(
                table, pipeline.writerId(), partition -> true, window, nowMillis);
          }
        });
  }
}
