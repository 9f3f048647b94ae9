package ai.finks.flink.replay;

import ai.finks.flink.history.BoundedHistory;
import ai.finks.flink.history.HistoryJob;
import ai.finks.flink.replay.io.ReplayMemory;
import ai.finks.flink.silver.io.Pipeline;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The job that stages a replay: the live job's pipeline, to the letter, over a part of the past.
 *
 * <pre>
 * stream or Bronze, from-to ─▶ refine (knowing what was known then) ─▶ write ─▶ one-commit
 *     ─▶ staging.&lt;id&gt;_quarantine, _marks, _accounting, _versions
 * </pre>
 *
 * Each checkpoint commits what it has read, so a killed run goes on from where its tables stand.
 */
public final class ReplayJob {
  private ReplayJob() {}

  /**
   * Adds the pipeline to a job.
   *
   * @param staged writes the staged tables
   * @param parallelism at most so many stream partitions are read at a time; a key lives in one
   */
  public static void define(
      StreamExecutionEnvironment env,
      BoundedHistory history,
      Pipeline staged,
      ReplayMemory refiner,
      int parallelism) {
    HistoryJob.define(env, history, staged, refiner, parallelism);
  }
}
