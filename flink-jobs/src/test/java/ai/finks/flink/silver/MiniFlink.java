package ai.finks.flink.silver;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.ExceptionUtils;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A Flink cluster inside the test's JVM. */
final class MiniFlink implements AutoCloseable {
  static final long CHECKPOINT_MILLIS = 100;

  /** How long a test waits for what must come; long, as a busy machine is no failure. */
  static final Duration PATIENCE = Duration.ofSeconds(Long.getLong("patience.seconds", 180));

  private final MiniCluster cluster;

  MiniFlink() throws Exception {
    Configuration configuration = configuration();
    cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(8)
                .build());
    cluster.start();
  }

  private static Configuration configuration() {
    Configuration configuration = new Configuration();
    configuration.setString("rest.address", "localhost");
    configuration.setString("rest.bind-address", "localhost");
    configuration.setString("rest.bind-port", "0");
    configuration.setString("taskmanager.memory.network.min", "32mb");
    configuration.setString("taskmanager.memory.network.max", "32mb");
    return configuration;
  }

  /** An environment whose jobs are restarted that many times. */
  static StreamExecutionEnvironment environment(int restarts, Path checkpoints) {
    Configuration configuration = configuration();
    configuration.setString("restart-strategy.type", restarts == 0 ? "none" : "fixed-delay");
    configuration.setString("restart-strategy.fixed-delay.attempts", Integer.toString(restarts));
    configuration.setString("restart-strategy.fixed-delay.delay", "20 ms");
    configuration.setString("execution.checkpointing.dir", checkpoints.toUri().toString());
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    env.enableCheckpointing(CHECKPOINT_MILLIS);
    return env;
  }

  Job submit(StreamExecutionEnvironment env, @Nullable String savepoint) throws Exception {
    JobGraph graph = env.getStreamGraph().getJobGraph();
    if (savepoint != null) {
      graph.setSavepointRestoreSettings(SavepointRestoreSettings.forPath(savepoint, false));
    }
    cluster.submitJob(graph).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    return new Job(graph.getJobID());
  }

  @Override
  public void close() throws Exception {
    cluster.close();
  }

  /** A submitted job. */
  final class Job {
    private final JobID id;

    Job(JobID id) {
      this.id = id;
    }

    JobStatus status() {
      try {
        return cluster.getJobStatus(id).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    /** How many checkpoints of all attempts failed. */
    long failedCheckpoints() {
      try {
        return cluster
            .getExecutionGraph(id)
            .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
            .getCheckpointStatsSnapshot()
            .getCounts()
            .getNumberOfFailedCheckpoints();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    String savepoint(Path folder) throws Exception {
      return cluster
          .triggerSavepoint(id, folder.toString(), false, SavepointFormatType.CANONICAL)
          .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** Ends it at once, as a kill would: whatever was not committed stays undone. */
    void kill() {
      try {
        cluster.cancelJob(id).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      } catch (ExecutionException | InterruptedException | TimeoutException e) {
        // It may have ended by itself.
      }
      awaitEnd();
    }

    void awaitEnd() {
      Awaitility.await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> status().isGloballyTerminalState());
    }

    /** Waits for its failure and returns all messages of the chain of causes. */
    String awaitFailure() throws Exception {
      awaitEnd();
      return cluster
          .requestJobResult(id)
          .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
          .getSerializedThrowable()
          .map(ExceptionUtils::stringifyException)
          .orElse("");
    }
  }
}
