package ai.finks.flink.silver;

import ai.finks.flink.table.CatalogConfig;
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
import org.apache.flink.util.TimeUtils;
import org.jspecify.annotations.Nullable;

/**
 * Configuration of the silver job. Immutable; unknown keys, missing keys and values out of range
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
 *       <td>folder of {@code avro/} and {@code sources/}, read where the job is submitted;
 *       required</td></tr>
 *   <tr><td>{@code keys.dir}</td>
 *       <td>folder of the PII keys, read where the job runs; required</td></tr>
 *   <tr><td>{@code entities}</td>
 *       <td>one pipeline each, separated by commas; default all that have a binding</td></tr>
 *   <tr><td>{@code checkpoint.interval}</td>
 *       <td>such as {@code 2s}, the default; applies where the cluster sets none</td></tr>
 *   <tr><td>{@code parallelism}</td><td>of each pipeline, default {@code 2}</td></tr>
 *   <tr><td>{@code typed-topic}</td>
 *       <td>whether rows also go to {@code <entity>.v1}, default {@code true}</td></tr>
 *   <tr><td>{@code take-over}</td>
 *       <td>start beside a copy that may be alive and fence it, default {@code false}</td></tr>
 *   <tr><td>{@code snapshot.age}</td>
 *       <td>how long snapshots that nothing refers to stay readable, default {@code 10min}</td></tr>
 * </table>
 */
public final class SilverConfig {
  private static final String KAFKA_PROPERTY = "kafka.property.";
  private static final Set<String> KEYS =
      Set.of(
          "lake.root",
          "kafka.bootstrap-servers",
          "registry.url",
          "schemas.dir",
          "keys.dir",
          "entities",
          "checkpoint.interval",
          "parallelism",
          "typed-topic",
          "take-over",
          "snapshot.age");

  private final TreeMap<String, String> values;
  private final CatalogConfig catalog;
  private final URI registryUrl;
  private final Duration checkpointInterval;
  private final Duration snapshotAge;
  private final int parallelism;
  private final boolean typedTopic;
  private final boolean takeOver;

  private SilverConfig(TreeMap<String, String> values) {
    this.values = values;
    this.catalog = CatalogConfig.of(values, required("lake.root"));
    this.registryUrl = uri("registry.url");
    this.checkpointInterval = duration("checkpoint.interval", "2s");
    this.snapshotAge = duration("snapshot.age", "10min");
    this.parallelism = positive("parallelism", "2");
    this.typedTopic = flag("typed-topic", "true");
    this.takeOver = flag("take-over", "false");
    required("kafka.bootstrap-servers");
    required("schemas.dir");
    required("keys.dir");
  }

  /**
   * Reads and checks all keys.
   *
   * @throws IllegalArgumentException naming the first key that is unknown, missing or wrong
   */
  public static SilverConfig of(Map<String, String> values) {
    for (String key : values.keySet()) {
      if (!KEYS.contains(key)
          && !key.startsWith(CatalogConfig.PREFIX)
          && !key.startsWith(KAFKA_PROPERTY)) {
        throw new IllegalArgumentException("Unknown configuration key '" + key + "'");
      }
    }
    return new SilverConfig(new TreeMap<>(values));
  }

  public CatalogConfig catalog() {
    return catalog;
  }

  public String lakeRoot() {
    return required("lake.root");
  }

  public URI registryUrl() {
    return registryUrl;
  }

  public Path schemasDir() {
    return Path.of(required("schemas.dir"));
  }

  public Path keysDir() {
    return Path.of(required("keys.dir"));
  }

  /** The entities asked for; empty for all. */
  public List<String> entities() {
    return Stream.of(values.getOrDefault("entities", "").split(","))
        .map(String::trim)
        .filter(entity -> !entity.isEmpty())
        .collect(Collectors.toList());
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

  public boolean hasTypedTopic() {
    return typedTopic;
  }

  public boolean takesOver() {
    return takeOver;
  }

  /** For Kafka's consumer, producer and admin clients. */
  public Properties kafkaProperties() {
    Properties properties = new Properties();
    properties.setProperty("bootstrap.servers", required("kafka.bootstrap-servers"));
    values.forEach(
        (key, value) -> {
          if (key.startsWith(KAFKA_PROPERTY)) {
            properties.setProperty(key.substring(KAFKA_PROPERTY.length()), value);
          }
        });
    return properties;
  }

  private String required(String key) {
    String value = values.get(key);
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException("Missing configuration key '" + key + "'");
    }
    return value;
  }

  private URI uri(String key) {
    try {
      return URI.create(required(key));
    } catch (IllegalArgumentException e) {
      throw wrong(key, "must be a URI", e);
    }
  }

  private Duration duration(String key, String byDefault) {
    Duration duration;
    try {
      duration = TimeUtils.parseDuration(values.getOrDefault(key, byDefault));
    } catch (IllegalArgumentException e) {
      throw wrong(key, "must be a duration such as 2s", e);
    }
    if (duration.isZero() || duration.isNegative()) {
      throw wrong(key, "must be longer than nothing", null);
    }
    return duration;
  }

  private int positive(String key, String byDefault) {
    try {
      int number = Integer.parseInt(values.getOrDefault(key, byDefault));
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw wrong(key, "must be a number", e);
    }
    throw wrong(key, "must be positive", null);
  }

  private boolean flag(String key, String byDefault) {
    String value = values.getOrDefault(key, byDefault);
    if (!value.equals("true") && !value.equals("false")) {
      throw wrong(key, "must be true or false", null);
    }
    return value.equals("true");
  }

  private IllegalArgumentException wrong(String key, String rule, @Nullable Exception cause) {
    return new IllegalArgumentException(
        "Configuration key '" + key + "' " + rule + ", not '" + values.get(key) + "'", cause);
  }
}
