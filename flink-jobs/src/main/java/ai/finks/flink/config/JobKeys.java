package ai.finks.flink.config;

import ai.finks.flink.stream.AcceptedGaps;
import ai.finks.flink.table.CatalogConfig;
import ai.finks.schemas.wire.WireFormats;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.util.TimeUtils;
import org.jspecify.annotations.Nullable;

/**
 * The keys that a job was given, read strictly: a key that the job does not have, one that is
 * missing and a value that cannot be used are refused with the key, the rule and the value. All
 * jobs have {@code lake.root} and {@code catalog.*} (see {@link CatalogConfig}); those that read
 * streams have {@code kafka.bootstrap-servers} and {@code kafka.property.NAME}.
 */
public final class JobKeys {
  private static final String LAKE_ROOT = "lake.root";
  private static final String BOOTSTRAP_SERVERS = "kafka.bootstrap-servers";
  private static final String KAFKA_PROPERTY = "kafka.property.";

  private final TreeMap<String, String> values;

  private JobKeys(TreeMap<String, String> values) {
    this.values = values;
  }

  /**
   * @param values what was given
   * @param keys the job's own keys
   * @throws IllegalArgumentException naming a key that is none of the job's, or the first of those
   *     that every job needs and that is missing
   */
  public static JobKeys of(Map<String, String> values, Set<String> keys) {
    JobKeys read =
        read(
            values,
            key ->
                keys.contains(key)
                    || key.equals(BOOTSTRAP_SERVERS)
                    || key.startsWith(KAFKA_PROPERTY));
    read.required(BOOTSTRAP_SERVERS);
    return read;
  }

  /** The same for a job that has to do with tables only: Kafka's keys are none of it. */
  public static JobKeys ofLake(Map<String, String> values, Set<String> keys) {
    return read(values, keys::contains);
  }

  private static JobKeys read(Map<String, String> values, Predicate<String> own) {
    for (String key : values.keySet()) {
      if (!own.test(key) && !key.equals(LAKE_ROOT) && !key.startsWith(CatalogConfig.PREFIX)) {
        throw new IllegalArgumentException("Unknown configuration key '" + key + "'");
      }
    }
    JobKeys read = new JobKeys(new TreeMap<>(values));
    read.required(LAKE_ROOT);
    return read;
  }

  /** URI or local path of the lake. */
  public String lakeRoot() {
    return required(LAKE_ROOT);
  }

  public CatalogConfig catalog() {
    return CatalogConfig.of(values, lakeRoot());
  }

  /** For Kafka's clients. */
  public Properties kafka() {
    Properties properties = new Properties();
    values.forEach(
        (key, value) -> {
          if (key.startsWith(KAFKA_PROPERTY)) {
            properties.setProperty(key.substring(KAFKA_PROPERTY.length()), value);
          }
        });
    properties.setProperty("bootstrap.servers", required(BOOTSTRAP_SERVERS));
    return properties;
  }

  public boolean has(String key) {
    return values.containsKey(key);
  }

  public String required(String key) {
    String value = values.get(key);
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException("Missing configuration key '" + key + "'");
    }
    return value;
  }

  /** Different names, separated by commas; none if the key is missing. */
  public List<String> names(String key) {
    if (!has(key)) {
      return List.of();
    }
    List<String> names =
        Stream.of(required(key).split(",", -1)).map(String::trim).collect(Collectors.toList());
    if (names.contains("") || Set.copyOf(names).size() != names.size()) {
      throw wrong(key, "must be different names, separated by commas");
    }
    return List.copyOf(names);
  }

  /**
   * Offsets that a job may go on without, as {@link AcceptedGaps} are written; none unless said.
   */
  public AcceptedGaps gaps(String key) {
    List<String> texts = names(key);
    try {
      return AcceptedGaps.parse(texts);
    } catch (IllegalArgumentException e) {
      throw wrong(key, String.valueOf(e.getMessage()));
    }
  }

  /** The address of a schema registry that can be spoken to. */
  public URI registry(String key) {
    URI uri;
    try {
      uri = URI.create(required(key));
      WireFormats.open(uri);
    } catch (IllegalArgumentException e) {
      if (!has(key)) {
        throw e;
      }
      throw wrong(key, "must be the address of a schema registry (" + e.getMessage() + ")", e);
    }
    return uri;
  }

  /** Longer than nothing, such as {@code 2s}. */
  public Duration duration(String key, String byDefault) {
    Duration duration;
    try {
      duration = TimeUtils.parseDuration(values.getOrDefault(key, byDefault));
    } catch (IllegalArgumentException e) {
      throw wrong(key, "must be a duration such as 2s", e);
    }
    if (duration.isZero() || duration.isNegative()) {
      throw wrong(key, "must be longer than nothing");
    }
    return duration;
  }

  public int positive(String key, String byDefault) {
    String value = values.getOrDefault(key, byDefault);
    if (!value.matches("[1-9]\\d{0,5}")) {
      throw wrong(key, "must be a positive whole number");
    }
    return Integer.parseInt(value);
  }

  public boolean flag(String key, String byDefault) {
    String value = values.getOrDefault(key, byDefault);
    if (!value.equals("true") && !value.equals("false")) {
      throw wrong(key, "must be true or false");
    }
    return value.equals("true");
  }

  /** A size in bytes, such as {@code 16mb}. */
  public long bytes(String key, String byDefault) {
    try {
      return MemorySize.parseBytes(values.getOrDefault(key, byDefault));
    } catch (IllegalArgumentException e) {
      throw wrong(key, "must be a size such as 16mb", e);
    }
  }

  /** An error that names the key, the rule and the value. */
  public IllegalArgumentException wrong(String key, String rule) {
    return wrong(key, rule, null);
  }

  private IllegalArgumentException wrong(String key, String rule, @Nullable Exception cause) {
    return new IllegalArgumentException(
        "Configuration key '" + key + "' " + rule + ", was '" + values.get(key) + "'", cause);
  }
}
