package ai.finks.flink.silver;

import ai.finks.flink.config.JobKeys;
import ai.finks.flink.stream.AcceptedGaps;
import ai.finks.flink.table.CatalogConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

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
 *   <tr><td>{@code registry.url}</td><td>the schema registry; required: Confluent's API at {@code http(s)://…}, or {@code
 *       glue://REGION/REGISTRY}</td></tr>
 *   <tr><td>{@code schemas.dir}</td>
 *       <td>folder of {@code avro/} and {@code sources/}, read where the job is submitted;
 *       required</td></tr>
 *   <tr><td>{@code keys.dir}</td>
 *       <td>folder of the keyring, or {@code aws-secret:NAME} of a secret that holds it, read where
 *       the job runs; required</td></tr>
 *   <tr><td>{@code entities}</td>
 *       <td>one pipeline each, separated by commas; default all that have a binding</td></tr>
 *   <tr><td>{@code checkpoint.interval}</td>
 *       <td>such as {@code 2s}, the default; applies where the cluster sets none</td></tr>
 *   <tr><td>{@code parallelism}</td><td>of each pipeline, default {@code 2}</td></tr>
 *   <tr><td>{@code typed-topic}</td>
 *       <td>whether rows also go to {@code <entity>.v1}, default {@code true}</td></tr>
 *   <tr><td>{@code take-over}</td>
 *       <td>start beside a copy that may be alive and fence it, default {@code false}</td></tr>
 *   <tr><td>{@code accept-gap}</td>
 *       <td>expired offsets to go on without, as {@code TOPIC:PARTITION:FIRST-LAST,…}; what stops a
 *       job for a gap prints the value</td></tr>
 *   <tr><td>{@code snapshot.age}</td>
 *       <td>how long snapshots that nothing refers to stay readable, default {@code 10min}</td></tr>
 * </table>
 */
public final class SilverConfig {
  private static final Set<String> KEYS =
      Set.of(
          "registry.url",
          "schemas.dir",
          "keys.dir",
          "entities",
          "checkpoint.interval",
          "parallelism",
          "typed-topic",
          "take-over",
          "accept-gap",
          "snapshot.age");

  private final JobKeys keys;
  private final CatalogConfig catalog;
  private final URI registryUrl;
  private final List<String> entities;
  private final Duration checkpointInterval;
  private final Duration snapshotAge;
  private final int parallelism;
  private final boolean typedTopic;
  private final boolean takeOver;
  private final AcceptedGaps acceptedGaps;

  private SilverConfig(JobKeys keys) {
    this.keys = keys;
    this.catalog = keys.catalog();
    this.registryUrl = keys.registry("registry.url");
    this.entities = keys.names("entities");
    this.checkpointInterval = keys.duration("checkpoint.interval", "2s");
    this.snapshotAge = keys.duration("snapshot.age", "10min");
    this.parallelism = keys.positive("parallelism", "2");
    this.typedTopic = keys.flag("typed-topic", "true");
    this.takeOver = keys.flag("take-over", "false");
    this.acceptedGaps = keys.gaps("accept-gap");
    keys.required("schemas.dir");
    keys.required("keys.dir");
  }

  /**
   * Reads and checks all keys.
   *
   * @throws IllegalArgumentException naming the first key that is unknown, missing or wrong
   */
  public static SilverConfig of(Map<String, String> values) {
    return new SilverConfig(JobKeys.of(values, KEYS));
  }

  public CatalogConfig catalog() {
    return catalog;
  }

  public String lakeRoot() {
    return keys.lakeRoot();
  }

  public URI registryUrl() {
    return registryUrl;
  }

  public Path schemasDir() {
    return Path.of(keys.required("schemas.dir"));
  }

  public Path keysDir() {
    return Path.of(keys.required("keys.dir"));
  }

  /** The entities asked for; empty for all. */
  public List<String> entities() {
    return entities;
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

  /** Offsets that may be missing on the broker although tables need them. */
  public AcceptedGaps acceptedGaps() {
    return acceptedGaps;
  }

  /** For Kafka's consumer, producer and admin clients. */
  public Properties kafkaProperties() {
    return keys.kafka();
  }
}
