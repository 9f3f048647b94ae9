package ai.finks.flink.history;

import ai.finks.flink.silver.SilverJob;
import ai.finks.flink.silver.function.RecordRefiner;
import ai.finks.flink.silver.io.Pipeline;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The silver job over a part of the past.
 *
 * <pre>
 * Bronze or broker, from-to ─▶ refine ─▶ write ─▶ one-commit ─▶ tables of the run
 * </pre>
 *
 * It is the live job's pipeline to the letter. It streams, with checkpoints, and ends with a final
 * one: each checkpoint commits what it read, so a run that was killed goes on from where its tables
 * stand, with or without Flink's state.
 */
public final class HistoryJob {
  private HistoryJob() {}

  /**
   * Adds the pipeline to a job.
   *
   * @param pipeline of a submission of its own, into tables that nobody else writes
   * @param refiner needs no registry where the messages come from Bronze
   */
  public static void define(
      StreamExecutionEnvironment env,
      BoundedHistory history,
      Pipeline pipeline,
      RecordRefiner.Factory refiner,
      int parallelism) {
    SilverJob.prepare(env, pipeline.checkpointInterval().toMillis());
    env.setRuntimeMode(RuntimeExecutionMode.STREAMING);
    SilverJob.pipeline(env, history.source(), pipeline, history.log(), refiner, parallelism);
  }
}
