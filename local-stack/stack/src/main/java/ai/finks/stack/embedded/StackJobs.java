package ai.finks.stack.embedded;

import ai.finks.flink.bronze.BronzeConfig;
import ai.finks.flink.bronze.BronzeJob;
import ai.finks.flink.silver.SilverConfig;
import ai.finks.flink.silver.SilverJob;
import ai.finks.schemas.SchemaCatalog;
import ai.finks.stack.lake.Lake;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/** Submits the bronze and the silver job, waits until they run, and replaces them. */
final class StackJobs implements RunningJobs {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(120);
  private static final long POLL_MILLIS = 50;

  private final StackConfig config;
  private final FlinkCluster flink;
  private final StackBoard board;
  private final Map<String, String> settings;
  private final Map<String, JobID> running = new ConcurrentHashMap<>();

  StackJobs(
      StackConfig config,
      FlinkCluster flink,
      StackBoard board,
      String bootstrapServers,
      URI registryUrl) {
    this.config = config;
    this.flink = flink;
    this.board = board;
    this.settings = settings(config, bootstrapServers, registryUrl);
  }

  /**
   * Starts both jobs from where their tables stand.
   *
   * @param schemas the folder of contracts and bindings
   */
  void start(Path schemas) throws Exception {
    removeSavepoints();
    submit(ContractRollout.SILVER, schemas, null);
    submit(ContractRollout.BRONZE, schemas, null);
    awaitRunning(ContractRollout.SILVER);
    awaitRunning(ContractRollout.BRONZE);
  }

  /** Those of before are of no use to jobs that start from where their tables stand. */
  private void removeSavepoints() throws IOException {
    Path folder = config.home().savepoints();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  @Override
  public void start(Path schemas, Map<String, String> savepoints) throws Exception {
    for (Map.Entry<String, String> savepoint : savepoints.entrySet()) {
      String from = savepoint.getValue();
      submit(savepoint.getKey(), schemas, from.equals(FROM_TABLES) ? null : from);
    }
    for (String name : savepoints.keySet()) {
      awaitRunning(name);
    }
  }

  @Override
  public String stop(String name) throws Exception {
    JobID job = job(name);
    if (flink.status(job) != JobStatus.RUNNING) {
      throw new IllegalStateException(
          "The " + name + " job is " + flink.status(job) + ": " + flink.failureOf(job));
    }
    board.replacing(name);
    try {
      String savepoint = flink.stop(job, config.home().savepoints());
      running.remove(name);
      return savepoint;
    } catch (Exception e) {
      // It goes on: what watches the jobs must see it again.
      board.job(name, job.toHexString());
      throw e;
    }
  }

  @Override
  public void cancel(Set<String> names) throws Exception {
    for (String name : names) {
      JobID job = running.remove(name);
      if (job != null) {
        board.replacing(name);
        flink.cancel(job);
      }
    }
  }

  private JobID job(String name) {
    JobID job = running.get(name);
    if (job == null) {
      throw new IllegalStateException("The " + name + " job was never started");
    }
    return job;
  }

  static Map<String, String> settings(
      StackConfig config, String bootstrapServers, URI registryUrl) {
    Map<String, String> settings = new HashMap<>(Lake.catalogSettings(config.home()));
    settings.put("lake.root", Lake.root(config.home()));
    settings.put("kafka.bootstrap-servers", bootstrapServers);
    settings.put("registry.url", registryUrl.toString());
    settings.put("checkpoint.interval", config.checkpointInterval().toMillis() + "ms");
    // Who holds the home's lock knows that the writer before it is dead.
    settings.put("take-over", "true");
    return settings;
  }

  private void defineBronze(StreamExecutionEnvironment environment, Path schemas) {
    Map<String, String> bronze = new HashMap<>(settings);
    bronze.put("parallelism", Integer.toString(config.parallelism()));
    bronze.put("topics", String.join(",", StackTopics.raw(SchemaCatalog.load(schemas))));
    BronzeJob.define(environment, BronzeConfig.of(bronze));
  }

  private void defineSilver(StreamExecutionEnvironment environment, Path schemas) {
    SilverJob.define(environment, silverConfig(config, settings, schemas));
  }

  static SilverConfig silverConfig(StackConfig config, Map<String, String> settings, Path schemas) {
    Map<String, String> silver = new HashMap<>(settings);
    silver.put("schemas.dir", schemas.toString());
    silver.put("keys.dir", config.home().keys().toString());
    silver.put("parallelism", Integer.toString(config.parallelism()));
    if (!config.acceptedGaps().isEmpty()) {
      silver.put("accept-gap", config.acceptedGaps());
    }
    return SilverConfig.of(silver);
  }

  private void submit(String name, Path schemas, @Nullable String savepoint) throws Exception {
    StreamExecutionEnvironment environment = flink.environment();
    if (name.equals(ContractRollout.SILVER)) {
      defineSilver(environment, schemas);
    } else {
      defineBronze(environment, schemas);
    }
    JobID job = flink.submit(environment, name, savepoint);
    running.put(name, job);
    board.job(name, job.toHexString());
  }

  private void awaitRunning(String name) throws Exception {
    JobID job = job(name);
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
