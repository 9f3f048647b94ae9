package ai.finks.stack.chaos;

import ai.finks.stack.chaos.Fault.Restart;
import ai.finks.stack.chaos.store.FaultyFileSystem;
import ai.finks.stack.chaos.store.FaultyFiles;
import ai.finks.stack.contracts.AppliedContracts;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.home.ProcessIdentity;
import ai.finks.stack.home.StackRecord;
import ai.finks.stack.lake.Lake;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The live jobs of a run, in whichever node they are at the moment. */
final class LiveJobs {
  private static final String[] JOBS = {NodeJobs.SILVER, NodeJobs.BRONZE};

  /** Nobody asks when; a fixed text keeps runs alike. */
  private static final String STARTED_AT = "1970-01-01T00:00:00Z";

  private static final Set<String> ENDS = Set.of("FAILED", "FINISHED", "CANCELED");
  private static final String ASKS_FOR_NO_STATE = "without state";

  private final FinksHome home;
  private final NodePool pool;
  private final String bootstrapServers;
  private final URI registry;
  private final Map<String, String> common = new TreeMap<>();
  private final Map<String, String> ids = new HashMap<>();
  private final List<String> ended = new ArrayList<>();
  private @Nullable NodeProcess node;
  private int startsWithoutState;

  LiveJobs(FinksHome home, NodePool pool, String bootstrapServers, URI registry) {
    this.home = home;
    this.pool = pool;
    this.bootstrapServers = bootstrapServers;
    this.registry = registry;
    common.putAll(catalog(home));
    common.put("kafka.bootstrap-servers", bootstrapServers);
    common.put("registry.url", registry.toString());
    common.put("parallelism", "1");
    common.put("take-over", "true");
    common.put("snapshot.age", "20s");
  }

  /** The home's catalog, with less patience for its lock, on a store that can fail. */
  private static Map<String, String> catalog(FinksHome home) {
    Map<String, String> settings = new TreeMap<>(Lake.catalogSettings(home));
    settings.replaceAll((key, value) -> value.replace("busy_timeout=60000", "busy_timeout=2000"));
    settings.put("catalog.property.io-impl", FaultyFiles.class.getName());
    return settings;
  }

  String catalogUri() {
    return catalog(home).getOrDefault("catalog.uri", "");
  }

  NodeProcess node() {
    if (node == null) {
      throw new PlatformFailure("No node has the jobs");
    }
    return node;
  }

  boolean isAlive() {
    return node != null && node.isAlive();
  }

  int startsWithoutState() {
    return startsWithoutState;
  }

  /** What jobs ended with by themselves though nothing asked them to. */
  List<String> endedByThemselves() {
    return ended;
  }

  /** Starts the jobs in a node; those of before must be dead, or are taken over. */
  void start(Restart from) {
    if (from == Restart.TABLES && !isAlive()) {
      Folders.empty(home.checkpoints());
    }
    node = pool.take();
    submit(from);
  }

  private void submit(Restart from) {
    ObjectNode order = NodeProcess.order("start");
    order.put("checkpoints", home.checkpoints().toUri().toString());
    boolean stateless = false;
    for (String name : JOBS) {
      ObjectNode job = order.putObject(name);
      ObjectNode settings = job.putObject("settings");
      settings(name).forEach(settings::put);
      Optional<Path> checkpoint = checkpoint(name, from);
      checkpoint.ifPresent(path -> job.put("from", path.toUri().toString()));
      stateless |= checkpoint.isEmpty();
    }
    node().obey(order);
    startsWithoutState += stateless ? 1 : 0;
    ObjectNode status = node().status();
    for (String name : JOBS) {
      ids.put(name, status.path(name).path("id").asText());
    }
    record(status.path("flink").asText());
  }

  /** Lets the platform's commands find the node as the stack that runs on the home. */
  private void record(String flinkUrl) {
    ProcessIdentity process = node().identity();
    List<StackRecord.Component> components =
        List.of(
            new StackRecord.Component("kafka", bootstrapServers, process),
            new StackRecord.Component("registry", registry.toString(), process),
            new StackRecord.Component("flink", flinkUrl, process));
    List<StackRecord.Job> running = new ArrayList<>();
    ids.forEach((name, id) -> running.add(new StackRecord.Job(name, id)));
    try {
      new StackRecord(
              StackRecord.State.UP, process, STARTED_AT, components, List.of(), running, null)
          .write(home);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, String> settings(String job) {
    Map<String, String> settings = new TreeMap<>(common);
    if (job.equals(NodeJobs.SILVER)) {
      settings.put("lake.root", Lake.root(home));
      settings.put("schemas.dir", AppliedContracts.of(home).current().orElseThrow().toString());
      settings.put("keys.dir", home.keys().toString());
      settings.put("typed-topic", "false");
    } else {
      settings.put("lake.root", FaultyFileSystem.SCHEME + ":" + Lake.root(home));
      settings.put("catalog.warehouse", Lake.root(home));
      settings.put("topics", String.join(",", Traffic.topics()));
    }
    return settings;
  }

  private Optional<Path> checkpoint(String job, Restart from) {
    String id = ids.get(job);
    Path folder = home.checkpoints().resolve(id == null ? "none" : id);
    if (from == Restart.TABLES || !Files.isDirectory(folder)) {
      return Optional.empty();
    }
    Comparator<Path> order = Comparator.comparingLong(LiveJobs::number);
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(entry -> Files.isRegularFile(entry.resolve("_metadata")))
          .max(from == Restart.NEWEST_CHECKPOINT ? order : order.reversed());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long number(Path checkpoint) {
    return Long.parseLong(checkpoint.getFileName().toString().substring("chk-".length()));
  }

  /**
   * How the jobs are; jobs that have ended are started again, as their message asks.
   *
   * @throws NodeProcess.NodeGoneException if their node is dead
   */
  ObjectNode status() {
    return status(failure -> failure.contains(ASKS_FOR_NO_STATE));
  }

  /** As {@link #status()}, of jobs that replace others: none of them may end, whatever it says. */
  ObjectNode statusOfSuccessors() {
    return status(failure -> false);
  }

  private ObjectNode status(Predicate<String> asksForAStart) {
    ObjectNode status = node().status();
    List<String> stopped = stopped(status);
    for (String name : stopped) {
      String failure = status.path(name).path("failure").asText();
      if (!asksForAStart.test(failure)) {
        ended.add("the " + name + " job has ended: " + failure);
      }
    }
    if (stopped.isEmpty()) {
      return status;
    }
    startAgain();
    return node().status();
  }

  /** The jobs that do not go on by themselves. */
  static List<String> stopped(ObjectNode status) {
    List<String> stopped = new ArrayList<>();
    for (String name : JOBS) {
      if (ENDS.contains(status.path(name).path("state").asText())) {
        stopped.add(name);
      }
    }
    return stopped;
  }

  /** Starts both jobs from where their tables stand, in the node that they are in. */
  void startAgain() {
    cancel();
    submit(Restart.TABLES);
  }

  /** The newest moment at which a job failed, epoch milliseconds. */
  static long failedAt(ObjectNode status) {
    long newest = 0;
    for (String name : JOBS) {
      newest = Math.max(newest, status.path(name).path("failed_at").asLong());
    }
    return newest;
  }

  /** Completed checkpoints of the slower job. */
  static long checkpoints(ObjectNode status) {
    long fewest = Long.MAX_VALUE;
    for (String name : JOBS) {
      fewest = Math.min(fewest, status.path(name).path("checkpoints").asLong());
    }
    return fewest;
  }

  /** Ends the jobs; their node can be used again. */
  void cancel() {
    node().obey(NodeProcess.order("cancel"));
  }
}
