package ai.finks.bench.variant;

import java.util.Properties;

/** How much a consumer fetches at once: what the jobs' sources use, for every peer the same. */
final class ConsumerSettings {
  private ConsumerSettings() {}

  static Properties of(String bootstrapServers) {
    Properties properties = new Properties();
    properties.setProperty("bootstrap.servers", bootstrapServers);
    properties.setProperty("enable.auto.commit", "false");
    properties.setProperty("max.poll.records", "5000");
    properties.setProperty("fetch.max.bytes", Integer.toString(16 << 20));
    properties.setProperty("max.partition.fetch.bytes", Integer.toString(4 << 20));
    properties.setProperty("receive.buffer.bytes", Integer.toString(1 << 20));
    return properties;
  }
}
