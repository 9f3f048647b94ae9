package ai.finks.flink.silver.redrive;

import ai.finks.flink.table.LakeCatalog;
import ai.finks.schemas.wire.WireFormat;
import java.util.Collection;
import java.util.List;
import java.util.Properties;

/** Where records that are sent again are and go. */
public final class RedrivePlatform {
  private final LakeCatalog catalog;
  private final Properties kafka;
  private final WireFormat format;
  private final List<String> topics;

  /**
   * @param kafka properties of Kafka's clients
   * @param topics the raw topics that feed the entity
   */
  public RedrivePlatform(
      LakeCatalog catalog, Properties kafka, WireFormat format, Collection<String> topics) {
    this.catalog = catalog;
    this.kafka = kafka;
    this.format = format;
    this.topics = List.copyOf(topics);
  }

  LakeCatalog catalog() {
    return catalog;
  }

  RedriveStream stream() {
    return new RedriveStream(kafka, format, topics);
  }
}
