package ai.finks.flink.bronze;

import ai.finks.flink.bronze.io.RollPolicy;
import ai.finks.flink.config.JobKeys;
import ai.finks.flink.stream.AcceptedGaps;
import ai.finks.flink.table.CatalogConfig;
import ai.finks.schemas.SchemaCatalog;
import ai.finks.schemas.Topics;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Configuration of the bronze job. Immutable; unknown keys, missing keys and values out of range
 * are refused with the key and the value.
 *
 * <table>
 *   <caption>Keys</caption>
 *   <tr><td>{@code lake.root}</td><td>URI or local path of the lake; required</td></tr>
 *   <tr><td>{@code catalog.*}</td><td>see {@link CatalogConfig}</td></tr>
 *   <tr><td>{@code kafka.bootstrap-servers}</td><td>required</td></tr>
 *   <tr><td>{@code kafka.property.NAME}</td><td>passed to Kafka's clients as {@code NAME}</td></tr>
 *   <tr><td>{@code registry.url}</td><td>the schema registry; required: Confluent's API at {@code http(s)://…}, or {@code
 *       glue://REGION/REGISTRY}</td></tr>
 *   <tr><td>{@code schemas.dir}</td>
 *       <td>folder of {@code avro/} and {@code sources/}, read where the job is submitted: the raw
 *       topics are those of its bindings</td></tr>
 *   <tr><td>{@code topics}</td>
 *       <td>raw topics, separated by commas, instead of {@code schemas.dir}</td></tr>
 *   <tr><td>{@code checkpoint.interval}</td>
 *       <td>such as {@code 2s}, the default; applies where the cluster sets none</td></tr>
 *   <tr><td>{@code parallelism}</td><td>default {@code 2}</td></tr>
 *   <tr><td>{@code take-over}</td>
 *       <td>start beside a copy that may be alive and fence it, default {@code false}</td></tr>
 *   <tr><td>{@code accept-gap}</td>
 *       <td>offsets that the broker no longer has and that Bronze goes on without, such as {@code
 *       fmp.bars.raw.v1:0:0-4711}, separated by commas</td></tr>
 *   <tr><td>{@code object.size}</td>
 *       <td>an object is written out at this size, default {@code 16mb}</td></tr>
 *   <tr><td>{@code open-objects.size}</td>
 *       <td>memory for all open objects of a subtask, default {@code 64mb}</td></tr>
 *   <tr><td>{@code snapshot.age}</td>
 *       <td>how long the ledger's snapshots stay readable, default {@code 10min}</td></tr>
 * </table>
 */
public final class BronzeConfig {
  private static final Set<String> KEYS =
      Set.of(
          "registry.url",
          "schemas.dir",
          "topics",
          "checkpoint.interval",
          "parallelism",
          "snapshot.age",
          "take-over",
          "accept-gap",
          "object.size",
          "open-objects.size");

  private final JobKeys keys;
  private final CatalogConfig catalog;
  private final List<String> topics;
  private final URI registryUrl;
  private final Duration checkpointInterval;
  private final Duration snapshotAge;
  private final int parallelism;
  private final boolean takeOver;
  private final AcceptedGaps acceptedGaps;
  private final RollPolicy rollPolicy;

  private BronzeConfig(JobKeys keys) {
    this.keys = keys;
    this.catalog = keys.catalog();
    if (keys.has("topics") == keys.has("schemas.dir")) {
      throw new IllegalArgumentException(
          "Give one of the configuration keys 'topics' and 'schemas.dir'");
    }
    this.topics = keys.names("topics");
    this.registryUrl = keys.registry("registry.url");
    this.checkpointInterval = keys.duration("checkpoint.interval", "2s");
    this.snapshotAge = keys.duration("snapshot.age", "10min");
    this.parallelism = keys.positive("parallelism", "2");
    this.takeOver = keys.flag("take-over", "false");
    this.acceptedGaps = keys.gaps("accept-gap");
    this.rollPolicy =
        rollPolicy(keys.bytes("object.size", "16mb"), keys.bytes("open-objects.size", "64mb"));
  }

  /**
   * Reads and checks all keys.
   *
   * @throws IllegalArgumentException naming the first key that is unknown, missing or wrong
   */
  public static BronzeConfig of(Map<String, String> values) {
    return new BronzeConfig(JobKeys.of(values, KEYS));
  }

  public CatalogConfig catalog() {
    return catalog;
  }

  /** Folder of Bronze's objects. */
  public String bronzeRoot() {
    String root = keys.lakeRoot();
    return (root.endsWith("/") ? root.substring(0, root.length() - 1) : root) + "/bronze";
  }

  /**
   * The raw topics to land.
   *
   * @throws ai.finks.schemas.InvalidSchemasException if they are to be those of the bindings, and
   *     the bindings are wrong
   */
  public List<String> topics() {
    return topics.isEmpty() ? topicsOfBindings() : topics;
  }

  private List<String> topicsOfBindings() {
    List<String> bound =
        SchemaCatalog.load(Path.of(keys.required("schemas.dir"))).bindings().stream()
            .map(binding -> Topics.raw(binding.source(), binding.entity()))
            .sorted()
            .collect(Collectors.toList());
    if (bound.isEmpty()) {
      throw keys.wrong("schemas.dir", "has no bindings");
    }
    return bound;
  }

  public URI registryUrl() {
    return registryUrl;
  }

  public Duration checkpointInterval() {
    return checkpointInterval;
  }

  public Duration snapshotAge() {
    return snapshotAge;
  }

  public int parallelism() {
    return parallelism;
  }

  public boolean takesOver() {
    return takeOver;
  }

  /** Offsets that may be missing on the broker although the ledger needs them. */
  public AcceptedGaps acceptedGaps() {
    return acceptedGaps;
  }

  public RollPolicy rollPolicy() {
    return rollPolicy;
  }

  /** For Kafka's consumer and admin clients. */
  public Properties kafkaProperties() {
    return keys.kafka();
  }

  private RollPolicy rollPolicy(long objectBytes, long openBytes) {
    if (objectBytes < 1 || objectBytes > Integer.MAX_VALUE / 2) {
      throw keys.wrong("object.size", "must be between 1 byte and 1gb");
    }
    if (openBytes < objectBytes) {
      throw keys.wrong("open-objects.size", "must not be less than object.size");
    }
    return new RollPolicy((int) objectBytes, openBytes);
  }
}
