package ai.finks.stack.embedded;

import ai.finks.flink.bronze.BronzeConfig;
import ai.finks.flink.bronze.BronzeJob;
import ai.finks.flink.silver.SilverConfig;
import ai.finks.flink.silver.SilverJob;
import ai.finks.stack.flink.JobCluster;
import ai.finks.stack.flink.JobDefaults;
import ai.finks.stack.home.FinksHome;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.BlobServerOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
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
public final class FlinkCluster implements JobCluster {
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
  public static FlinkCluster start(FinksHome home, int slots, int parallelism, Duration checkpoints)
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
        cluster, JobDefaults.of(home, parallelism, checkpoints), cluster.getRestAddress().get());
  }

  @Override
  public URI restUrl() {
    return restUrl;
  }

  @Override
  public String submit(String name, Map<String, String> settings, @Nullable String savepoint)
      throws Exception {
    return submit(name, settings, new Configuration(), savepoint);
  }

  /**
   * Submits a job with settings of Flink that it has for itself.
   *
   * @param own win over the cluster's defaults
   * @param savepoint where the job goes on from; null for where its tables stand
   * @return the job's id in hexadecimal
   */
  public String submit(
      String name, Map<String, String> settings, Configuration own, @Nullable String savepoint)
      throws Exception {
    Configuration all = new Configuration(jobDefaults);
    all.addAll(own);
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(all);
    if (name.equals(ContractRollout.SILVER)) {
      SilverJob.define(environment, SilverConfig.of(settings));
    } else {
      BronzeJob.define(environment, BronzeConfig.of(settings));
    }
    var graph = environment.getStreamGraph();
    graph.setJobName(name);
    JobGraph job = graph.getJobGraph();
    if (savepoint != null) {
      job.setSavepointRestoreSettings(SavepointRestoreSettings.forPath(savepoint, true));
    }
    return await(cluster.submitJob(job)).getJobID().toHexString();
  }

  @Override
  public String stop(String job, Path folder) throws Exception {
    return cluster
        .stopWithSavepoint(
            JobID.fromHexString(job),
            folder.toUri().toString(),
            false,
            SavepointFormatType.CANONICAL)
        .get(SAVEPOINT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void cancel(String job) throws Exception {
    if (!status(job).isGloballyTerminalState()) {
      await(cluster.cancelJob(JobID.fromHexString(job)));
    }
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    while (!status(job).isGloballyTerminalState()) {
      if (System.nanoTime() > deadline) {
        throw new TimeoutException("Job " + job + " does not end");
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }

  @Override
  public JobStatus status(String job) throws Exception {
    return await(cluster.getJobStatus(JobID.fromHexString(job)));
  }

  @Override
  public boolean isRunning(String job) throws Exception {
    if (status(job) != JobStatus.RUNNING) {
      return false;
    }
    for (var vertex :
        await(cluster.getExecutionGraph(JobID.fromHexString(job))).getAllExecutionVertices()) {
      if (vertex.getExecutionState() != org.apache.flink.runtime.execution.ExecutionState.RUNNING) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String failureOf(String job) throws Exception {
    var failure = await(cluster.getExecutionGraph(JobID.fromHexString(job))).getFailureInfo();
    return failure == null ? "" : failure.getExceptionAsString();
  }

  /** When a job failed last, epoch milliseconds; 0 for a job that never did. */
  public long failedAtMillis(String job) throws Exception {
    var failure = await(cluster.getExecutionGraph(JobID.fromHexString(job))).getFailureInfo();
    return failure == null ? 0 : failure.getTimestamp();
  }

  /** How many checkpoints of a job were completed since it was submitted. */
  public long completedCheckpoints(String job) throws Exception {
    var statistics =
        await(cluster.getExecutionGraph(JobID.fromHexString(job))).getCheckpointStatsSnapshot();
    return statistics == null ? 0 : statistics.getCounts().getNumberOfCompletedCheckpoints();
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

  private static <T> T await(java.util.concurrent.CompletableFuture<T> future)
      throws ExecutionException, InterruptedException, TimeoutException {
    return future.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
  }
}
