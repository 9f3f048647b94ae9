package ai.finks.stack.embedded;

import ai.finks.stack.home.FinksHome;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.BlobServerOptions;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.runtime.minicluster.RpcServiceSharing;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/**
 * Flink inside the stack's JVM: one task manager, everything on loopback, checkpoints in the home.
 *
 * <p>An outage (the broker, the registry or the disk does not answer) restarts a job after a
 * growing pause, for ever; what no restart can heal ends it (the jobs mark such failures
 * themselves).
 */
final class FlinkCluster implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration SAVEPOINT_TIMEOUT = Duration.ofMinutes(3);
  private static final long POLL_MILLIS = 20;
  private static final String LOOPBACK = "127.0.0.1";

  private final MiniCluster cluster;
  private final Configuration jobDefaults;
  private final URI restUrl;

  private FlinkCluster(MiniCluster cluster, Configuration jobDefaults, URI restUrl) {
    this.cluster = cluster;
    this.jobDefaults = jobDefaults;
    this.restUrl = restUrl;
  }

  /** Starts a cluster with that many slots. */
  static FlinkCluster start(FinksHome home, int slots, int parallelism, Duration checkpoints)
      throws Exception {
    Configuration settings = clusterSettings(home);
    MiniCluster cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(settings)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(slots)
                .setRpcServiceSharing(RpcServiceSharing.SHARED)
                .setCommonBindAddress(LOOPBACK)
                .build());
    cluster.start();
    return new FlinkCluster(
        cluster, jobDefaults(home, parallelism, checkpoints), cluster.getRestAddress().get());
  }

  /** Flink's REST API. */
  URI restUrl() {
    return restUrl;
  }

  /** An environment with this cluster's defaults, to define one job in. */
  StreamExecutionEnvironment environment() {
    return StreamExecutionEnvironment.getExecutionEnvironment(new Configuration(jobDefaults));
  }

  /**
   * Submits what was defined in {@code environment}.
   *
   * @param savepoint where the job goes on from; state of operators that it has no more is left out
   */
  JobID submit(StreamExecutionEnvironment environment, String name, @Nullable String savepoint)
      throws Exception {
    var graph = environment.getStreamGraph();
    graph.setJobName(name);
    JobGraph job = graph.getJobGraph();
    if (savepoint != null) {
      job.setSavepointRestoreSettings(SavepointRestoreSettings.forPath(savepoint, true));
    }
    return await(cluster.submitJob(job)).getJobID();
  }

  /**
   * Ends a job behind a savepoint; when this returns, it is committed what it read.
   *
   * @return where the savepoint is
   */
  String stop(JobID job, Path folder) throws Exception {
    return cluster
        .stopWithSavepoint(job, folder.toUri().toString(), false, SavepointFormatType.CANONICAL)
        .get(SAVEPOINT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Ends a job at once, unless it has ended. */
  void cancel(JobID job) throws Exception {
    if (!status(job).isGloballyTerminalState()) {
      await(cluster.cancelJob(job));
    }
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    while (!status(job).isGloballyTerminalState()) {
      if (System.nanoTime() > deadline) {
        throw new TimeoutException("Job " + job + " does not end");
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }

  /** A job's state. */
  JobStatus status(JobID job) throws Exception {
    return await(cluster.getJobStatus(job));
  }

  /** Whether every task of the job runs. */
  boolean isRunning(JobID job) throws Exception {
    if (status(job) != JobStatus.RUNNING) {
      return false;
    }
    for (var vertex : await(cluster.getExecutionGraph(job)).getAllExecutionVertices()) {
      if (vertex.getExecutionState() != org.apache.flink.runtime.execution.ExecutionState.RUNNING) {
        return false;
      }
    }
    return true;
  }

  /** Why a job failed last, or an empty text. */
  String failureOf(JobID job) throws Exception {
    var failure = await(cluster.getExecutionGraph(job)).getFailureInfo();
    return failure == null ? "" : failure.getExceptionAsString();
  }

  @Override
  public void close() throws Exception {
    for (var job : await(cluster.listJobs())) {
      if (!job.getJobState().isGloballyTerminalState()) {
        await(cluster.cancelJob(job.getJobId()));
      }
    }
    await(cluster.closeAsync());
  }

  private static Configuration clusterSettings(FinksHome home) {
    Configuration settings = new Configuration();
    settings.set(RestOptions.ADDRESS, LOOPBACK);
    settings.set(RestOptions.BIND_ADDRESS, LOOPBACK);
    settings.set(RestOptions.BIND_PORT, "0");
    settings.set(RestOptions.PORT, 0);
    settings.set(WebOptions.SUBMIT_ENABLE, false);
    settings.set(WebOptions.CANCEL_ENABLE, false);
    settings.set(JobManagerOptions.ADDRESS, LOOPBACK);
    settings.set(JobManagerOptions.BIND_HOST, LOOPBACK);
    settings.set(TaskManagerOptions.HOST, LOOPBACK);
    settings.set(TaskManagerOptions.BIND_HOST, LOOPBACK);
    settings.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(16));
    settings.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(32));
    settings.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(32));
    settings.set(BlobServerOptions.PORT, "0");
    settings.set(CoreOptions.TMP_DIRS, home.scratch().toString());
    return settings;
  }

  private static Configuration jobDefaults(
      FinksHome home, int parallelism, Duration checkpointInterval) {
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

  private static <T> T await(java.util.concurrent.CompletableFuture<T> future)
      throws ExecutionException, InterruptedException, TimeoutException {
    return future.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
  }
}
