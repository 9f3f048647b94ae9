package ai.finks.stack.chaos;

import ai.finks.stack.embedded.FlinkCluster;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;

/** The live jobs of a chaos node: bronze and silver, defined as the platform defines them. */
final class NodeJobs {
  static final String SILVER = "silver";
  static final String BRONZE = "bronze";
  static final int COUNT = 2;

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
  private static final int KEPT_CHECKPOINTS = 3;

  private final FlinkCluster flink;
  private final Map<String, String> running = new LinkedHashMap<>();

  NodeJobs(FlinkCluster flink) {
    this.flink = flink;
  }

  /**
   * Submits both jobs.
   *
   * @param order {@code checkpoints} (a folder's URI), and per job its {@code settings} and, where
   *     it goes on from one, the checkpoint in {@code from}
   */
  void start(JsonNode order) throws Exception {
    Configuration own = own(order.path("checkpoints").asText());
    for (String name : new String[] {SILVER, BRONZE}) {
      JsonNode job = order.path(name);
      String from = job.path("from").asText("");
      running.put(name, flink.submit(name, settings(job), own, from.isEmpty() ? null : from));
    }
  }

  private static Configuration own(String checkpoints) {
    Configuration own = new Configuration();
    own.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints);
    own.set(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS, KEPT_CHECKPOINTS);
    own.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF,
        Duration.ofMillis(200));
    own.set(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF, LONGEST_PAUSE);
    return own;
  }

  private static Map<String, String> settings(JsonNode job) {
    Map<String, String> settings = new TreeMap<>();
    job.path("settings")
        .fields()
        .forEachRemaining(field -> settings.put(field.getKey(), field.getValue().asText()));
    return settings;
  }

  /** Says of each job its state, checkpoints and newest failure. */
  void describe(ObjectNode answer) throws Exception {
    answer.put("flink", flink.restUrl().toString());
    for (Map.Entry<String, String> job : running.entrySet()) {
      answer
          .putObject(job.getKey())
          .put("id", job.getValue())
          .put("state", flink.status(job.getValue()).name())
          .put("checkpoints", flink.completedCheckpoints(job.getValue()))
          .put("failed_at", flink.failedAtMillis(job.getValue()))
          .put("failure", flink.failureOf(job.getValue()));
    }
  }

  /** Ends both jobs at once. */
  void cancel() throws Exception {
    for (String job : running.values()) {
      flink.cancel(job);
    }
    running.clear();
  }
}
