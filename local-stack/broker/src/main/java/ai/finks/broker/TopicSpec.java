package ai.finks.broker;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.config.TopicConfig;

/**
 * A topic to create on the single-node broker.
 *
 * @param name topic name
 * @param partitions at least 1
 * @param retention how long records are kept
 */
public record TopicSpec(String name, int partitions, Duration retention) {

  private static final Duration DEFAULT_RETENTION = Duration.ofDays(7);

  /** Checks the values. */
  public TopicSpec {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(retention, "retention");
    if (partitions < 1) {
      throw new IllegalArgumentException(
          "partitions of topic " + name + " must be 1 or more, was " + partitions);
    }
    if (retention.isNegative() || retention.isZero()) {
      throw new IllegalArgumentException(
          "retention of topic " + name + " must be positive, was " + retention);
    }
  }

  /** A topic whose records are kept for seven days. */
  public static TopicSpec of(String name, int partitions) {
    return new TopicSpec(name, partitions, DEFAULT_RETENTION);
  }

  Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    settings.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(retention.toMillis()));
    return settings;
  }
}
