package ai.finks.lineage.store;

import ai.finks.lineage.core.MalformedEventException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds a store with the events of a topic, for good. Offsets are committed after the store has the
 * events, so none is missed; those that come again change nothing.
 */
public final class StoreFeed implements Runnable, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StoreFeed.class);
  private static final Duration POLL = Duration.ofSeconds(1);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final LineageStore store;

  /**
   * @param group the consumer group; its offsets say how far the store is
   */
  public StoreFeed(String bootstrapServers, String group, String topic, LineageStore store) {
    Properties properties = new Properties();
    properties.setProperty("bootstrap.servers", bootstrapServers);
    properties.setProperty("group.id", group);
    properties.setProperty("enable.auto.commit", "false");
    properties.setProperty("auto.offset.reset", "earliest");
    properties.setProperty("max.poll.records", "200");
    this.consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    this.store = store;
    consumer.subscribe(List.of(topic));
  }

  /** Runs until {@link #close} is called from another thread. */
  @Override
  public void run() {
    try (consumer) {
      while (true) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
        for (ConsumerRecord<byte[], byte[]> record : records) {
          take(record);
        }
        if (!records.isEmpty()) {
          consumer.commitSync();
        }
      }
    } catch (WakeupException closed) {
      LOG.debug("store feed closed");
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    try {
      if (record.value() != null) {
        store.take(record.value());
      }
    } catch (MalformedEventException e) {
      // Whoever wrote it cannot be asked to write it again, and it must not stop the others.
      LOG.warn(
          "event left out: topic={} partition={} offset={} reason={}",
          record.topic(),
          record.partition(),
          record.offset(),
          e.getMessage());
    }
  }

  @Override
  public void close() {
    consumer.wakeup();
  }
}
