package ai.finks.bench.variant;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongPredicate;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.BlobServerOptions;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.CheckpointType;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.runtime.minicluster.RpcServiceSharing;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;

/**
 * Flink in this JVM, the same for every engine variant: one task manager, a slot per core, heap
 * state, object reuse.
 */
final class EngineCluster implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final String LOOPBACK = "127.0.0.1";
  private static final long POLL_MILLIS = 2;

  private final MiniCluster cluster;
  private final int parallelism;

  EngineCluster(int parallelism, Path scratch) throws Exception {
    this.parallelism = parallelism;
    this.cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(settings(scratch))
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(parallelism)
                .setRpcServiceSharing(RpcServiceSharing.SHARED)
                .setCommonBindAddress(LOOPBACK)
                .build());
    cluster.start();
  }

  /** An environment to define one lap's job in. */
  StreamExecutionEnvironment environment(Path checkpoints, Duration interval) {
    Configuration defaults = new Configuration();
    defaults.set(CoreOptions.DEFAULT_PARALLELISM, parallelism);
    defaults.set(PipelineOptions.OBJECT_REUSE, true);
    defaults.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, interval);
    defaults.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
    defaults.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
    return StreamExecutionEnvironment.getExecutionEnvironment(defaults);
  }

  /**
   * Runs an unbounded job until it has read and committed so many records, then ends it. When all
   * is read a checkpoint is asked for, so that no variant waits for the next interval.
   *
   * @param start when the lap began, by {@link System#nanoTime}
   * @param committed whether all that a checkpoint holds can be read from the tables
   */
  Lap run(StreamGraph graph, long records, long start, LongPredicate committed) throws Exception {
    SourceReads.reset();
    JobID job = await(cluster.submitJob(graph.getJobGraph())).getJobID();
    awaitCondition(job, () -> SourceReads.total() > 0);
    long first = System.nanoTime();
    awaitCondition(job, () -> SourceReads.total() >= records);
    long read = System.nanoTime();
    long checkpoint = await(cluster.triggerCheckpoint(job, CheckpointType.CONFIGURED));
    awaitCondition(job, () -> committed.test(checkpoint));
    long end = System.nanoTime();
    end(job);
    return new Lap(records, seconds(start, end), seconds(first, end), seconds(read, end));
  }

  /** Starts a job that {@link #end} ends. */
  JobID submit(StreamGraph graph) throws Exception {
    SourceReads.reset();
    return await(cluster.submitJob(graph.getJobGraph())).getJobID();
  }

  /** Ends a job at once. */
  void end(JobID job) throws Exception {
    await(cluster.cancelJob(job));
    while (!await(cluster.getJobStatus(job)).isGloballyTerminalState()) {
      Thread.sleep(POLL_MILLIS);
    }
  }

  /** Waits for something while the job lives. */
  void awaitCondition(JobID job, Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    for (long poll = 0; !condition.call(); poll++) {
      if (poll % 100 == 0) {
        requireAlive(job);
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "The job has read " + SourceReads.total() + " records and does not get further");
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  private void requireAlive(JobID job) throws Exception {
    JobStatus status = await(cluster.getJobStatus(job));
    if (status.isTerminalState()) {
      throw new IllegalStateException(
          "The job is " + status + ": " + await(cluster.getExecutionGraph(job)).getFailureInfo());
    }
  }

  static double seconds(long from, long to) {
    return (to - from) / 1e9;
  }

  private static Configuration settings(Path scratch) {
    Configuration settings = new Configuration();
    settings.set(RestOptions.ADDRESS, LOOPBACK);
    settings.set(RestOptions.BIND_ADDRESS, LOOPBACK);
    settings.set(RestOptions.BIND_PORT, "0");
    settings.set(RestOptions.PORT, 0);
    settings.set(JobManagerOptions.ADDRESS, LOOPBACK);
    settings.set(JobManagerOptions.BIND_HOST, LOOPBACK);
    settings.set(TaskManagerOptions.HOST, LOOPBACK);
    settings.set(TaskManagerOptions.BIND_HOST, LOOPBACK);
    settings.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(64));
    settings.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(64));
    settings.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(64));
    settings.set(BlobServerOptions.PORT, "0");
    settings.set(CoreOptions.TMP_DIRS, scratch.toString());
    settings.setString("metrics.reporters", "reads");
    settings.setString("metrics.reporter.reads.factory.class", SourceReads.class.getName());
    return settings;
  }

  static <T> T await(CompletableFuture<T> future)
      throws ExecutionException, InterruptedException, TimeoutException {
    return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() throws Exception {
    await(cluster.closeAsync());
  }
}
