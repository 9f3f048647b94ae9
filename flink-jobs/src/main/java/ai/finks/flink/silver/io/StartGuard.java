package ai.finks.flink.silver.io;

import ai.finks.flink.table.Carrier;
import ai.finks.flink.table.JobStoppedException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.HasTableOperations;
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
            check(pipeline, table, nowMillis - window.toMillis(), window);
          }
        });
  }

  private static void check(Pipeline pipeline, Table table, long since, Duration window) {
    Optional<Carrier> newest = Carrier.newest(((HasTableOperations) table).operations().current());
    if (newest.isPresent()
        && !newest.get().writerId().equals(pipeline.writerId())
        && newest.get().timestampMillis() > since) {
      throw new JobStoppedException(
          String.format(
              "Table %s was written by another submission (%s) within the last %s. End that copy"
                  + " of the job, or start this one with take-over=true: the other is then"
                  + " fenced at its next commit.",
              table.name(), newest.get().writerId(), window));
    }
  }
}
