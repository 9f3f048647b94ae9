package ai.finks.stack.flink;

import ai.finks.stack.home.FinksHome;
import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;

/** How the stack's jobs run, wherever their cluster is. */
public final class JobDefaults {
  private JobDefaults() {}

  /** Checkpoints, restarts and the like, the same for each job of the stack. */
  public static Configuration of(FinksHome home, int parallelism, Duration checkpointInterval) {
    Configuration defaults = new Configuration();
    defaults.set(CoreOptions.DEFAULT_PARALLELISM, parallelism);
    defaults.set(PipelineOptions.OBJECT_REUSE, true);
    defaults.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, checkpointInterval);
    // When commits take longer than the interval, records still get as much time as commits.
    defaults.set(
        CheckpointingOptions.MIN_PAUSE_BETWEEN_CHECKPOINTS, checkpointInterval.dividedBy(2));
    defaults.set(CheckpointingOptions.CHECKPOINTING_TIMEOUT, Duration.ofMinutes(2));
    defaults.set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, 3);
    defaults.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, home.checkpoints().toUri().toString());
    // A start reads the tables, so a checkpoint is of no use to anyone once the job has ended.
    defaults.set(
        CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
        ExternalizedCheckpointRetention.DELETE_ON_CANCELLATION);
    defaults.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
    defaults.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF,
        Duration.ofMillis(500));
    defaults.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF,
        Duration.ofSeconds(20));
    return defaults;
  }
}
