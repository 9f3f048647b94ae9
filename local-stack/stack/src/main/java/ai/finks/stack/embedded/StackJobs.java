package ai.finks.stack.embedded;

import ai.finks.flink.bronze.BronzeConfig;
import ai.finks.flink.bronze.BronzeJob;
import ai.finks.flink.silver.SilverConfig;
import ai.finks.flink.silver.SilverJob;
import ai.finks.schemas.SchemaCatalog;
import ai.finks.stack.lake.Lake;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Submits the bronze and the silver job and waits until they run. */
final class StackJobs {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(120);
  private static final long POLL_MILLIS = 50;

  private final StackConfig config;
  private final FlinkCluster flink;
  private final StackBoard board;

  StackJobs(StackConfig config, FlinkCluster flink, StackBoard board) {
    this.config = config;
    this.flink = flink;
    this.board = board;
  }

  /** Starts both jobs from where their tables stand. */
  void start(SchemaCatalog schemas, String bootstrapServers, URI registryUrl) throws Exception {
    Map<String, String> settings = settings(bootstrapServers, registryUrl);
    JobID silver = submit("silver", environment -> defineSilver(environment, settings));
    JobID bronze = submit("bronze", environment -> defineBronze(environment, settings, schemas));
    awaitRunning("silver", silver);
    awaitRunning("bronze", bronze);
  }

  private Map<String, String> settings(String bootstrapServers, URI registryUrl) {
    Map<String, String> settings = new HashMap<>(Lake.catalogSettings(config.home()));
    settings.put("lake.root", Lake.root(config.home()));
    settings.put("kafka.bootstrap-servers", bootstrapServers);
    settings.put("registry.url", registryUrl.toString());
    settings.put("checkpoint.interval", config.checkpointInterval().toMillis() + "ms");
    // Who holds the home's lock knows that the writer before it is dead.
    settings.put("take-over", "true");
    return settings;
  }

  private void defineBronze(
      StreamExecutionEnvironment environment, Map<String, String> settings, SchemaCatalog schemas) {
    Map<String, String> bronze = new HashMap<>(settings);
    bronze.put("parallelism", Integer.toString(config.parallelism()));
    bronze.put("topics", String.join(",", StackTopics.raw(schemas)));
    BronzeJob.define(environment, BronzeConfig.of(bronze));
  }

  private void defineSilver(StreamExecutionEnvironment environment, Map<String, String> settings) {
    Map<String, String> silver = new HashMap<>(settings);
    silver.put("schemas.dir", config.schemas().toString());
    silver.put("keys.dir", config.home().keys().toString());
    silver.put("parallelism", Integer.toString(config.parallelism()));
    SilverJob.define(environment, SilverConfig.of(silver));
  }

  /** Adds a job to an environment. */
  private interface Definition {
    void define(StreamExecutionEnvironment environment) throws Exception;
  }

  private JobID submit(String name, Definition definition) throws Exception {
    StreamExecutionEnvironment environment = flink.environment();
    definition.define(environment);
    JobID job = flink.submit(environment, name);
    board.job(name, job.toHexString());
    return job;
  }

  private void awaitRunning(String name, JobID job) throws Exception {
    long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
    while (!flink.isRunning(job)) {
      JobStatus status = flink.status(job);
      if (status.isGloballyTerminalState()) {
        throw new IllegalStateException(
            "The " + name + " job is " + status + ": " + flink.failureOf(job));
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "The "
                + name
                + " job does not run after "
                + START_TIMEOUT
                + ": "
                + flink.failureOf(job));
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }
}
