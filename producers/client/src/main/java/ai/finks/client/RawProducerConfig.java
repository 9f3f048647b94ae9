package ai.finks.client;

import java.net.URI;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * How to reach the streams and how to write to them. Immutable; made from text by {@link #of(Map)}.
 *
 * <table>
 * <caption>Keys</caption>
 * <tr><td>{@code bootstrap-servers}</td><td>required; {@code host:port,…}</td></tr>
 * <tr><td>{@code registry-url}</td><td>required; Confluent's registry API at
 * {@code http(s)://…}, or another registry that is on the class path</td></tr>
 * <tr><td>{@code delivery-timeout}</td><td>ISO-8601, {@code PT2M}: a record that the brokers did not
 * acknowledge by then is a failure</td></tr>
 * <tr><td>{@code buffer-bytes}</td><td>67108864: records under way; more makes senders wait</td></tr>
 * <tr><td>{@code batch-bytes}</td><td>262144 per partition</td></tr>
 * <tr><td>{@code linger}</td><td>ISO-8601, {@code PT0.02S}</td></tr>
 * <tr><td>{@code max-record-bytes}</td><td>33554432: bound of one encoded record; a topic's own
 * {@code max.message.bytes} applies if it is smaller</td></tr>
 * <tr><td>{@code kafka.*}</td><td>passed to the Kafka clients without the prefix, for security
 * settings</td></tr>
 * </table>
 *
 * @param bootstrapServers brokers, {@code host:port,…}
 * @param registryUrl where the schema registry is
 * @param deliveryTimeout bound of a record's way to its acknowledgement, retries included
 * @param bufferBytes bound of the memory for records under way
 * @param batchBytes bound of a batch to one partition
 * @param linger how long a batch may wait to be filled
 * @param maxRecordBytes bound of one encoded record
 * @param kafka further settings of the Kafka clients
 */
public record RawProducerConfig(
    String bootstrapServers,
    URI registryUrl,
    Duration deliveryTimeout,
    long bufferBytes,
    int batchBytes,
    Duration linger,
    int maxRecordBytes,
    Map<String, String> kafka) {

  private static final String KAFKA_PREFIX = "kafka.";

  public RawProducerConfig {
    check(!bootstrapServers.isBlank(), "bootstrap-servers", bootstrapServers, "host:port,…");
    check(registryUrl.getHost() != null, "registry-url", registryUrl.toString(), "an absolute URL");
    check(
        deliveryTimeout.compareTo(linger.plusMillis(100)) >= 0,
        "delivery-timeout",
        deliveryTimeout.toString(),
        "at least 100 ms longer than linger");
    check(!linger.isNegative(), "linger", linger.toString(), "zero or more");
    check(batchBytes > 0, "batch-bytes", String.valueOf(batchBytes), "a positive number");
    check(
        maxRecordBytes > 0,
        "max-record-bytes",
        String.valueOf(maxRecordBytes),
        "a positive number");
    check(
        bufferBytes >= Math.max(batchBytes, maxRecordBytes),
        "buffer-bytes",
        String.valueOf(bufferBytes),
        "at least batch-bytes and max-record-bytes");
    kafka = Map.copyOf(kafka);
  }

  /**
   * @throws IllegalArgumentException naming the key and the value, for a key that is missing,
   *     unknown or has a value that cannot be used
   */
  public static RawProducerConfig of(Map<String, String> settings) {
    Map<String, String> rest = new TreeMap<>(settings);
    Map<String, String> kafka = new HashMap<>();
    rest.forEach(
        (key, value) -> {
          if (key.startsWith(KAFKA_PREFIX)) {
            kafka.put(key.substring(KAFKA_PREFIX.length()), value);
          }
        });
    rest.keySet().removeIf(key -> key.startsWith(KAFKA_PREFIX));
    RawProducerConfig config =
        new RawProducerConfig(
            required(rest, "bootstrap-servers"),
            uri("registry-url", required(rest, "registry-url")),
            duration("delivery-timeout", take(rest, "delivery-timeout", "PT2M")),
            number("buffer-bytes", take(rest, "buffer-bytes", "67108864"), Long.MAX_VALUE),
            (int) number("batch-bytes", take(rest, "batch-bytes", "262144"), Integer.MAX_VALUE),
            duration("linger", take(rest, "linger", "PT0.02S")),
            (int)
                number(
                    "max-record-bytes",
                    take(rest, "max-record-bytes", "33554432"),
                    Integer.MAX_VALUE),
            kafka);
    if (!rest.isEmpty()) {
      throw new IllegalArgumentException(
          "unknown settings of the producer: " + String.join(", ", rest.keySet()));
    }
    return config;
  }

  /** Settings of the Kafka producer: idempotent, compressed, batched, with bounded memory. */
  Properties producerProperties() {
    Properties properties = adminProperties();
    long deliveryMillis = deliveryTimeout.toMillis();
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
    properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    properties.put(ProducerConfig.LINGER_MS_CONFIG, String.valueOf(linger.toMillis()));
    properties.put(ProducerConfig.BATCH_SIZE_CONFIG, String.valueOf(batchBytes));
    properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, String.valueOf(bufferBytes));
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, String.valueOf(deliveryMillis));
    properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, String.valueOf(deliveryMillis));
    properties.put(
        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
        String.valueOf(Math.min(30_000, deliveryMillis - linger.toMillis())));
    // Room for the record's key and overhead, so that our own check is the one that speaks.
    properties.put(
        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
        String.valueOf(Math.min(Integer.MAX_VALUE, maxRecordBytes + 1_048_576L)));
    return properties;
  }

  Properties adminProperties() {
    Properties properties = new Properties();
    properties.putAll(kafka);
    properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    return properties;
  }

  private static String required(Map<String, String> rest, String key) {
    String value = rest.remove(key);
    if (value == null) {
      throw new IllegalArgumentException("the producer needs the setting " + key);
    }
    return value;
  }

  private static String take(Map<String, String> rest, String key, String otherwise) {
    String value = rest.remove(key);
    return value == null ? otherwise : value;
  }

  private static URI uri(String key, String value) {
    try {
      return URI.create(value);
    } catch (IllegalArgumentException e) {
      throw refused(key, value, "an absolute URL");
    }
  }

  private static Duration duration(String key, String value) {
    try {
      return Duration.parse(value);
    } catch (DateTimeParseException e) {
      throw refused(key, value, "a duration like PT30S");
    }
  }

  private static long number(String key, String value, long max) {
    try {
      long number = Long.parseLong(value);
      if (number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw refused(key, value, "a whole number up to " + max);
  }

  private static void check(boolean valid, String key, String value, String expected) {
    if (!valid) {
      throw refused(key, value, expected);
    }
  }

  private static IllegalArgumentException refused(String key, String value, String expected) {
    return new IllegalArgumentException(key + " = " + value + ": expected " + expected);
  }
}
