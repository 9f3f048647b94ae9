package ai.finks.flink.silver.io;

import ai.finks.flink.fault.WallClock;
import ai.finks.flink.table.CommitOrigin;
import ai.finks.flink.table.ForeignWriters;
import ai.finks.flink.table.JobStoppedException;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.Ownership;
import ai.finks.schemas.contract.Contract;
import java.time.Duration;
import java.util.Map;
import org.apache.iceberg.Table;

/** Lets one submission of a pipeline write, and any other one know. */
public final class StartGuard {
  private static final int INTERVALS = 3;

  private StartGuard() {}

  /**
   * Claims the pipeline's tables before anybody reads where they stand: from then on no commit of
   * another submission can move them. Does nothing where this submission has claimed them already.
   *
   * @param ranBefore whether the submission has claimed the tables in an earlier attempt
   * @throws JobStoppedException if another submission is alive and this one does not take over, or
   *     if another one has replaced this one
   */
  public static void claim(Pipeline pipeline, LakeCatalog catalog, boolean ranBefore) {
    CommitOrigin origin = CommitOrigin.live(pipeline.job(), pipeline.writerId(), 0);
    Duration yieldTo = pipeline.takesOver() ? Duration.ZERO : window(pipeline);
    pipeline
        .load(catalog)
        .forEach((role, table) -> Ownership.claim(table, origin, yieldTo, ranBefore));
  }

  /**
   * Gives a Silver table of before what rows of now and sealed files need. Another submission's
   * table stays as it is while that one lives.
   *
   * @throws JobStoppedException naming the table and the other writer
   */
  public static void prepareForSeal(Pipeline pipeline, LakeCatalog catalog, Contract contract) {
    if (!LakeTables.isPreparedForSeal(catalog, contract)) {
      check(pipeline, pipeline.load(catalog), WallClock.utc().millis());
      LakeTables.prepareForSeal(catalog, contract);
    }
  }

  /**
   * Refuses the start if another submission committed within the last three checkpoint intervals.
   *
   * @throws JobStoppedException naming the table and the other writer
   */
  static void check(Pipeline pipeline, Map<PipelineTable, Table> tables, long nowMillis) {
    if (pipeline.takesOver()) {
      return;
    }
    CommitOrigin origin = CommitOrigin.live(pipeline.job(), pipeline.writerId(), 0);
    tables.forEach(
        (role, table) -> {
          if (!role.isShared()) {
            ForeignWriters.requireNone(
                table, origin, partition -> true, window(pipeline), nowMillis);
          }
        });
  }

  private static Duration window(Pipeline pipeline) {
    return pipeline.checkpointInterval().multipliedBy(INTERVALS);
  }
}
