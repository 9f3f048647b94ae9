package ai.finks.stack.embedded;

import ai.finks.schemas.SchemaCatalog;
import ai.finks.stack.flink.JobCluster;
import ai.finks.stack.lake.Lake;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Submits the bronze and the silver job, waits until they run, and replaces them. */
final class StackJobs implements RunningJobs {
  private static final Logger LOG = LoggerFactory.getLogger(StackJobs.class);
  private static final Duration START_TIMEOUT = Duration.ofSeconds(120);
  private static final long POLL_MILLIS = 50;

  private final StackConfig config;
  private final JobCluster flink;
  private final StackBoard board;
  private final Map<String, String> settings;
  private final Map<String, String> running = new ConcurrentHashMap<>();

  /** Ended on purpose: whoever starts lost jobs again leaves them to those who ended them. */
  private final Set<String> held = ConcurrentHashMap.newKeySet();

  private volatile @Nullable Path current;

  StackJobs(
      StackConfig config,
      JobCluster flink,
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
  synchronized void start(Path schemas) throws Exception {
    current = schemas;
    removeSavepoints();
    start(schemas, List.of(ContractRollout.SILVER, ContractRollout.BRONZE));
  }

  /**
   * Starts the jobs anew, from where their tables stand, when Flink has lost them; not those that
   * are to stand still.
   */
  synchronized void startAgain() throws Exception {
    running.clear();
    List<String> wanted = new ArrayList<>(List.of(ContractRollout.SILVER, ContractRollout.BRONZE));
    wanted.removeAll(held);
    start(Objects.requireNonNull(current, "no jobs were started"), wanted);
  }

  private void start(Path schemas, List<String> names) throws Exception {
    for (String name : names) {
      submit(name, schemas, null);
    }
    for (String name : names) {
      awaitRunning(name);
    }
  }

  /** Ends both jobs behind savepoints, so that all they read is committed; as far as they run. */
  void stopAll() {
    for (String name : Set.copyOf(running.keySet())) {
      try {
        stop(name);
      } catch (Exception e) {
        // Nothing is lost: the next start continues from the tables.
        LOG.warn("a job did not stop behind a savepoint: job={}", name, e);
      }
    }
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
  public synchronized void start(Path schemas, Map<String, String> savepoints) throws Exception {
    current = schemas;
    for (Map.Entry<String, String> savepoint : savepoints.entrySet()) {
      String from = savepoint.getValue();
      submit(savepoint.getKey(), schemas, from.equals(FROM_TABLES) ? null : from);
    }
    for (String name : savepoints.keySet()) {
      awaitRunning(name);
    }
  }

  @Override
  public synchronized void start(String name, Path schemas) throws Exception {
    start(schemas, List.of(name));
  }

  @Override
  public synchronized String stop(String name) throws Exception {
    String job = job(name);
    if (flink.status(job) != JobStatus.RUNNING) {
      throw new IllegalStateException(
          "The " + name + " job is " + flink.status(job) + ": " + flink.failureOf(job));
    }
    held.add(name);
    board.replacing(name);
    try {
      String savepoint = flink.stop(job, config.home().savepoints());
      running.remove(name);
      return savepoint;
    } catch (Exception e) {
      // It goes on: what watches the jobs must see it again.
      held.remove(name);
      board.job(name, job);
      throw e;
    }
  }

  @Override
  public synchronized void cancel(Set<String> names) throws Exception {
    held.addAll(names);
    for (String name : names) {
      cancelRunning(name);
    }
  }

  /** Known until it has ended, so that one that could not be ended is not forgotten. */
  private void cancelRunning(String name) throws Exception {
    String job = running.get(name);
    if (job != null) {
      board.replacing(name);
      flink.cancel(job);
      running.remove(name);
    }
  }

  private String job(String name) {
    String job = running.get(name);
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
    if (!config.acceptedGaps().isEmpty()) {
      settings.put("accept-gap", config.acceptedGaps());
    }
    return settings;
  }

  private Map<String, String> settingsOf(String name, Path schemas) {
    if (name.equals(ContractRollout.SILVER)) {
      return silverSettings(config, settings, schemas);
    }
    Map<String, String> bronze = new HashMap<>(settings);
    bronze.put("parallelism", Integer.toString(config.parallelism()));
    bronze.put("topics", String.join(",", StackTopics.raw(SchemaCatalog.load(schemas))));
    return bronze;
  }

  static Map<String, String> silverSettings(
      StackConfig config, Map<String, String> settings, Path schemas) {
    Map<String, String> silver = new HashMap<>(settings);
    silver.put("schemas.dir", schemas.toString());
    silver.put("keys.dir", config.home().keys().toString());
    silver.put("parallelism", Integer.toString(config.parallelism()));
    return silver;
  }

  private void submit(String name, Path schemas, @Nullable String savepoint) throws Exception {
    held.remove(name);
    cancelRunning(name);
    String job = flink.submit(name, settingsOf(name, schemas), savepoint);
    running.put(name, job);
    board.job(name, job);
  }

  private void awaitRunning(String name) throws Exception {
    String job = job(name);
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
