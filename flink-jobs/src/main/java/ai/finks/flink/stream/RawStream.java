package ai.finks.flink.stream;

import ai.finks.flink.table.CatalogLoader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Sources over raw topics that start from the tables they feed. */
public final class RawStream {
  private RawStream() {}

  /**
   * An unbounded source over all partitions of the topics.
   *
   * @param tables all tables that the job writes from this source
   */
  public static KafkaSource<RawMessage> live(
      List<String> topics,
      List<TableIdentifier> tables,
      CatalogLoader catalog,
      Properties clientProperties) {
    return builder(topics, tables, catalog, clientProperties, null).build();
  }

  /** As {@link #live}, of a job that records gaps that were accepted. */
  public static KafkaSource<RawMessage> live(
      List<String> topics,
      List<TableIdentifier> tables,
      CatalogLoader catalog,
      Properties clientProperties,
      AcceptedGaps acceptedGaps) {
    return builder(topics, tables, catalog, clientProperties, acceptedGaps).build();
  }

  /** As {@link #live}, but ends at what the broker holds when it starts. */
  public static KafkaSource<RawMessage> bounded(
      List<String> topics,
      List<TableIdentifier> tables,
      CatalogLoader catalog,
      Properties clientProperties) {
    return builder(topics, tables, catalog, clientProperties, null)
        .setBounded(OffsetsInitializer.latest())
        .build();
  }

  /**
   * A bounded source over some partitions: from the first offset to the one behind the last, both
   * given for each of them. An offset that is not on the broker fails the job.
   */
  public static KafkaSource<RawMessage> between(
      Map<TopicPartition, Long> from, Map<TopicPartition, Long> to, Properties clientProperties) {
    return KafkaSource.<RawMessage>builder()
        .setProperties(consumerProperties(clientProperties))
        .setPartitions(new HashSet<>(from.keySet()))
        .setStartingOffsets(OffsetsInitializer.offsets(from, OffsetResetStrategy.NONE))
        .setBounded(OffsetsInitializer.offsets(to, OffsetResetStrategy.NONE))
        .setDeserializer(new RawMessageReader())
        .build();
  }

  private static KafkaSourceBuilder<RawMessage> builder(
      List<String> topics,
      List<TableIdentifier> tables,
      CatalogLoader catalog,
      Properties clientProperties,
      @Nullable AcceptedGaps acceptedGaps) {
    return KafkaSource.<RawMessage>builder()
        .setProperties(consumerProperties(clientProperties))
        .setTopics(new ArrayList<>(topics))
        .setStartingOffsets(new OffsetsFromTables(catalog, tables, clientProperties, acceptedGaps))
        .setDeserializer(new RawMessageReader());
  }

  private static Properties consumerProperties(Properties clientProperties) {
    Properties properties = new Properties();
    properties.setProperty(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "5000");
    properties.setProperty(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, Integer.toString(16 << 20));
    properties.setProperty(
        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Integer.toString(4 << 20));
    properties.setProperty(ConsumerConfig.RECEIVE_BUFFER_CONFIG, Integer.toString(1 << 20));
    // Offsets live in the tables; a group's offsets would be a second truth.
    properties.setProperty("commit.offsets.on.checkpoint", "false");
    // More partitions mean a new stream: a key must not change its partition in mid-life.
    properties.setProperty("partition.discovery.interval.ms", "-1");
    properties.putAll(clientProperties);
    return properties;
  }
}
