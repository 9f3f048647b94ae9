package ai.finks.stack.embedded;

import ai.finks.stack.home.FinksHome;
import ai.finks.stack.home.HomeMode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How an embedded stack is run.
 *
 * @param root the checkout: demo data is read from it
 * @param schemas the folder that a home's first contracts and bindings are taken from
 * @param home where everything is kept
 * @param registryDistribution the unpacked schema registry
 * @param checkpointInterval time between commits to the lake
 * @param parallelism parallel instances of each job's operators
 * @param ownerPid process with which the stack ends, 0 for none
 * @param acceptedGaps the jobs' {@code accept-gap}: offsets that they may go on without; empty for
 *     none
 * @param mode what the stack is made of
 * @param sealAt time of day, in UTC, at which past periods are sealed; null for never
 */
public record StackConfig(
    Path root,
    Path schemas,
    FinksHome home,
    Path registryDistribution,
    Duration checkpointInterval,
    int parallelism,
    long ownerPid,
    String acceptedGaps,
    HomeMode mode,
    @Nullable LocalTime sealAt) {
  /** Time between commits unless told otherwise. */
  public static final Duration DEFAULT_CHECKPOINT_INTERVAL = Duration.ofSeconds(2);

  /** Below it the jobs would do little else than commit. */
  public static final Duration LEAST_CHECKPOINT_INTERVAL = Duration.ofMillis(100);

  /**
   * Parallelism unless told otherwise: the entities' pipelines run side by side already, and each
   * further instance of one multiplies the files that a commit of many periods makes.
   */
  public static final int DEFAULT_PARALLELISM = 1;

  /** When past periods are sealed unless told otherwise: night in America and Europe. */
  public static final LocalTime DEFAULT_SEAL_AT = LocalTime.of(4, 30);

  private static final String NEVER = "never";

  private static final int JOBS = 2;

  private static final Set<String> KEYS =
      Set.of(
          "root",
          "schemas",
          "home",
          "registry",
          "checkpoint-interval",
          "parallelism",
          "owner-pid",
          "accept-gap",
          "mode",
          "seal-at");

  /** Checks the values. */
  public StackConfig {
    Objects.requireNonNull(root, "root");
    Objects.requireNonNull(schemas, "schemas");
    Objects.requireNonNull(home, "home");
    Objects.requireNonNull(registryDistribution, "registryDistribution");
    if (checkpointInterval.compareTo(LEAST_CHECKPOINT_INTERVAL) < 0) {
      throw new IllegalArgumentException(
          "checkpoint-interval must be 100 ms or more, was " + checkpointInterval);
    }
    if (parallelism < 1 || parallelism > 64) {
      throw new IllegalArgumentException("parallelism must be 1 to 64, was " + parallelism);
    }
  }

  /** Defaults for a checkout and a home. */
  public static StackConfig of(Path root, FinksHome home) {
    return new StackConfig(
        root.toAbsolutePath().normalize(),
        root.toAbsolutePath().normalize().resolve("schemas"),
        home,
        root.toAbsolutePath().normalize().resolve(".finks").resolve("registry"),
        DEFAULT_CHECKPOINT_INTERVAL,
        DEFAULT_PARALLELISM,
        0,
        "",
        HomeMode.EMBEDDED,
        DEFAULT_SEAL_AT);
  }

  /** The same with contracts and bindings of another folder. */
  public StackConfig withSchemas(Path folder) {
    return changed(draft -> draft.schemas = folder.toAbsolutePath().normalize());
  }

  /** The same, whose jobs go on without these offsets. */
  public StackConfig accepting(List<String> gaps) {
    return changed(draft -> draft.acceptedGaps = String.join(",", gaps));
  }

  /** The same with another time between commits. */
  public StackConfig committingEvery(Duration interval) {
    return changed(draft -> draft.checkpointInterval = interval);
  }

  /** The same, sealing at another time of day in UTC, or with null never. */
  public StackConfig sealingAt(@Nullable LocalTime time) {
    return changed(draft -> draft.sealAt = time);
  }

  /** The same in another mode. */
  public StackConfig in(HomeMode newMode) {
    return changed(draft -> draft.mode = newMode);
  }

  /** The same, ending with the process {@code pid}. */
  public StackConfig ownedBy(long pid) {
    return changed(draft -> draft.ownerPid = pid);
  }

  private StackConfig changed(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return new StackConfig(
        root,
        draft.schemas,
        home,
        registryDistribution,
        draft.checkpointInterval,
        parallelism,
        draft.ownerPid,
        draft.acceptedGaps,
        draft.mode,
        draft.sealAt);
  }

  /** What may be another in a configuration that is otherwise the same. */
  private static final class Draft {
    private Path schemas;
    private Duration checkpointInterval;
    private long ownerPid;
    private String acceptedGaps;
    private HomeMode mode;
    private @Nullable LocalTime sealAt;

    Draft(StackConfig config) {
      schemas = config.schemas;
      checkpointInterval = config.checkpointInterval;
      ownerPid = config.ownerPid;
      acceptedGaps = config.acceptedGaps;
      mode = config.mode;
      sealAt = config.sealAt;
    }
  }

  /** Reads {@code 04:30} or {@code never}, which is null. */
  public static @Nullable LocalTime parseSealAt(String text) {
    return text.equals(NEVER) ? null : LocalTime.parse(text);
  }

  /** The shipped data that the simulator serves. */
  public Path demoData() {
    return root.resolve("local-stack").resolve("demo-data");
  }

  /** Programs and jars that the processes are made of, beside the registry. */
  public Path processes() {
    return registryDistribution.resolveSibling("processes");
  }

  /** Slots that the jobs take in Flink. */
  int slots() {
    return JOBS * parallelism;
  }

  /** Reads {@code --key value} pairs; an unknown key is an error. */
  public static StackConfig parse(String[] arguments) {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < arguments.length; i += 2) {
      String key = arguments[i].startsWith("--") ? arguments[i].substring(2) : "";
      if (!KEYS.contains(key) || i + 1 == arguments.length) {
        throw new IllegalArgumentException("Unknown or incomplete argument " + arguments[i]);
      }
      values.put(key, arguments[i + 1]);
    }
    return new StackConfig(
        Path.of(required(values, "root")),
        Path.of(required(values, "schemas")),
        FinksHome.at(Path.of(required(values, "home"))),
        Path.of(required(values, "registry")),
        Duration.ofMillis(Long.parseLong(required(values, "checkpoint-interval"))),
        Integer.parseInt(required(values, "parallelism")),
        Long.parseLong(required(values, "owner-pid")),
        required(values, "accept-gap"),
        HomeMode.of(required(values, "mode")).orElseThrow(),
        parseSealAt(required(values, "seal-at")));
  }

  /** What {@link #parse} reads. */
  public List<String> toArguments() {
    Map<String, Object> values =
        Map.of(
            "root", root,
            "schemas", schemas,
            "home", home,
            "registry", registryDistribution,
            "checkpoint-interval", checkpointInterval.toMillis(),
            "parallelism", parallelism,
            "owner-pid", ownerPid,
            "accept-gap", acceptedGaps,
            "mode", mode.label(),
            "seal-at", sealAt == null ? NEVER : sealAt);
    List<String> arguments = new ArrayList<>();
    values.forEach(
        (key, value) -> {
          arguments.add("--" + key);
          arguments.add(value.toString());
        });
    return arguments;
  }

  private static String required(Map<String, String> values, String key) {
    String value = values.get(key);
    if (value == null) {
      throw new IllegalArgumentException("--" + key + " is missing");
    }
    return value;
  }
}
