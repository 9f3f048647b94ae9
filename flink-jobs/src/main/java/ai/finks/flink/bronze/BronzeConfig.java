package ai.finks.flink.bronze;

import ai.finks.flink.bronze.io.RollPolicy;
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
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.util.TimeUtils;

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
 *   <tr><td>{@code registry.url}</td><td>Confluent API of the schema registry; required</td></tr>
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
 *   <tr><td>{@code object.size}</td>
 *       <td>an object is written out at this size, default {@code 16mb}</td></tr>
 *   <tr><td>{@code open-objects.size}</td>
 *       <td>memory for all open objects of a subtask, default {@code 64mb}</td></tr>
 *   <tr><td>{@code snapshot.age}</td>
 *       <td>how long the ledger's snapshots stay readable, default {@code 10min}</td></tr>
 * </table>
 */
public final class BronzeConfig {
  private static final String KAFKA_PROPERTY = "kafka.property.";
  private static final Set<String> KEYS =
      Set.of(
          "lake.root",
          "kafka.bootstrap-servers",
          "registry.url",
          "schemas.dir",
          "topics",
          "checkpoint.interval",
          "parallelism",
          "snapshot.age",
          "take-over",
          "object.size",
          "open-objects.size");

  private final TreeMap<String, String> values;
  private final CatalogConfig catalog;
  private final List<String> topics;
  private final URI registryUrl;
  private final Duration checkpointInterval;
  private final Duration snapshotAge;
  private final int parallelism;
  private final boolean takeOver;
  private final RollPolicy rollPolicy;

  private BronzeConfig(TreeMap<String, String> values) {
    this.values = values;
    this.catalog = CatalogConfig.of(values, required("lake.root"));
    this.topics = list("topics");
    this.registryUrl = uri("registry.url");
    this.checkpointInterval = duration("checkpoint.interval", "2s");
    this.snapshotAge = duration("snapshot.age", "10min");
    this.parallelism = positive("parallelism", "2");
    this.takeOver = flag("take-over");
    this.rollPolicy = rollPolicy(bytes("object.size", "16mb"), bytes("open-objects.size", "64mb"));
    required("kafka.bootstrap-servers");
  }

  /**
   * Reads and checks all keys.
   *
   * @throws IllegalArgumentException naming the first key that is unknown, missing or wrong
   */
  public static BronzeConfig of(Map<String, String> values) {
    for (String key : values.keySet()) {
      if (!KEYS.contains(key)
          && !key.startsWith(CatalogConfig.PREFIX)
          && !key.startsWith(KAFKA_PROPERTY)) {
        throw new IllegalArgumentException("Unknown configuration key '" + key + "'");
      }
    }
    return new BronzeConfig(new TreeMap<>(values));
  }

  public CatalogConfig catalog() {
    return catalog;
  }

  /** Folder of Bronze's objects. */
  public String bronzeRoot() {
    String root = required("lake.root");
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
        SchemaCatalog.load(Path.of(required("schemas.dir"))).bindings().stream()
            .map(binding -> Topics.raw(binding.source(), binding.entity()))
            .sorted()
            .collect(Collectors.toList());
    if (bound.isEmpty()) {
      throw wrong("schemas.dir", "has no bindings");
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

  public RollPolicy rollPolicy() {
    return rollPolicy;
  }

  /** For Kafka's consumer and admin clients. */
  public Properties kafkaProperties() {
    Properties properties = new Properties();
    values.forEach(
        (key, value) -> {
          if (key.startsWith(KAFKA_PROPERTY)) {
            properties.setProperty(key.substring(KAFKA_PROPERTY.length()), value);
          }
        });
    properties.setProperty("bootstrap.servers", required("kafka.bootstrap-servers"));
    return properties;
  }

  private String required(String key) {
    String value = values.get(key);
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException("Missing configuration key '" + key + "'");
    }
    return value;
  }

  /** Empty where the key is missing and the bindings are to be asked. */
  private List<String> list(String key) {
    if (values.containsKey(key) == values.containsKey("schemas.dir")) {
      throw new IllegalArgumentException(
          "Give one of the configuration keys '" + key + "' and 'schemas.dir'");
    }
    if (!values.containsKey(key)) {
      return List.of();
    }
    List<String> items =
        Stream.of(required(key).split(",", -1)).map(String::trim).collect(Collectors.toList());
    if (items.contains("") || Set.copyOf(items).size() != items.size()) {
      throw wrong(key, "must be different names, separated by commas");
    }
    return List.copyOf(items);
  }

  private URI uri(String key) {
    URI uri;
    try {
      uri = URI.create(required(key));
    } catch (IllegalArgumentException e) {
      throw wrong(key, "must be a URI");
    }
    if (!"http".equals(uri.getScheme()) && !"https".equals(uri.getScheme())) {
      throw wrong(key, "must begin with http:// or https://");
    }
    return uri;
  }

  private Duration duration(String key, String byDefault) {
    Duration duration;
    try {
      duration = TimeUtils.parseDuration(values.getOrDefault(key, byDefault));
    } catch (IllegalArgumentException e) {
      throw wrong(key, "must be a duration such as 2s");
    }
    if (duration.isZero() || duration.isNegative()) {
      throw wrong(key, "must be longer than nothing");
    }
    return duration;
  }

  private int positive(String key, String byDefault) {
    String value = values.getOrDefault(key, byDefault);
    if (!value.matches("[1-9]\\d{0,5}")) {
      throw wrong(key, "must be a positive number");
    }
    return Integer.parseInt(value);
  }

  private boolean flag(String key) {
    String value = values.getOrDefault(key, "false");
    if (!value.equals("true") && !value.equals("false")) {
      throw wrong(key, "must be true or false");
    }
    return value.equals("true");
  }

  private long bytes(String key, String byDefault) {
    try {
      return MemorySize.parseBytes(values.getOrDefault(key, byDefault));
    } catch (IllegalArgumentException e) {
      throw wrong(key, "must be a size such as 16mb");
    }
  }

  private RollPolicy rollPolicy(long objectBytes, long openBytes) {
    if (objectBytes < 1 || objectBytes > Integer.MAX_VALUE / 2) {
      throw wrong("object.size", "must be between 1 byte and 1gb");
    }
    if (openBytes < objectBytes) {
      throw wrong("open-objects.size", "must not be less than object.size");
    }
    return new RollPolicy((int) objectBytes, openBytes);
  }

  private IllegalArgumentException wrong(String key, String what) {
    return new IllegalArgumentException(
        "Configuration key '" + key + "' " + what + ", was '" + values.get(key) + "'");
  }
}
