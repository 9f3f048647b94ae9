package ai.finks.lineage.store;

import ai.finks.lineage.core.MalformedEventException;
import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds a store with the events of a topic, for good. Offsets are committed after the store has the
 * events, so none is missed; those that come again change nothing. Whatever fails on the way, of
 * the broker or of the store, is tried again from the committed offsets, with a new consumer.
 */
public final class StoreFeed implements Runnable, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StoreFeed.class);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final Supplier<Consumer<byte[], byte[]>> connector;
  private final String topic;
  private final LineageStore store;
  private final RetryPolicy<Object> retries =
      RetryPolicy.builder()
          .handleIf(failure -> failure instanceof Exception && !isOver(failure))
          .withBackoff(FIRST_PAUSE, LONGEST_PAUSE)
          .withMaxRetries(-1)
          .onRetry(again -> LOG.warn("lineage is stored later", again.getLastException()))
          .build();
  private volatile @Nullable Consumer<byte[], byte[]> consumer;
  private volatile boolean closed;

  /**
   * @param group the consumer group; its offsets say how far the store is
   */
  public StoreFeed(String bootstrapServers, String group, String topic, LineageStore store) {
    this(() -> connect(bootstrapServers, group), topic, store);
  }

  /**
   * @param connector gives a new consumer, which begins where offsets were committed last
   */
  StoreFeed(Supplier<Consumer<byte[], byte[]>> connector, String topic, LineageStore store) {
    this.connector = connector;
    this.topic = topic;
    this.store = store;
    // A wrong configuration is told at once.
    this.consumer = subscribed(connector, topic);
  }

  private static Consumer<byte[], byte[]> connect(String bootstrapServers, String group) {
    Properties properties = new Properties();
    properties.setProperty("bootstrap.servers", bootstrapServers);
    properties.setProperty("group.id", group);
    properties.setProperty("enable.auto.commit", "false");
    properties.setProperty("auto.offset.reset", "earliest");
    properties.setProperty("max.poll.records", "200");
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private static Consumer<byte[], byte[]> subscribed(
      Supplier<Consumer<byte[], byte[]>> connector, String topic) {
    Consumer<byte[], byte[]> connected = connector.get();
    connected.subscribe(List.of(topic));
    return connected;
  }

  /** Runs until {@link #close} is called from another thread. */
  @Override
  public void run() {
    try {
      while (!closed) {
        Failsafe.with(retries).run(() -> takeNext());
      }
    } catch (WakeupException | InterruptException e) {
      LOG.debug("store feed closed");
    } finally {
      disconnect();
    }
  }

  private boolean isOver(Throwable failure) {
    return closed || failure instanceof WakeupException || failure instanceof InterruptException;
  }

  private void takeNext() {
    try {
      Consumer<byte[], byte[]> connected = consumer;
      if (connected == null) {
        connected = subscribed(connector, topic);
        consumer = connected;
      }
      if (!closed) {
        takeNext(connected);
      }
    } catch (RuntimeException e) {
      disconnect();
      throw e;
    }
  }

  private void takeNext(Consumer<byte[], byte[]> connected) {
    ConsumerRecords<byte[], byte[]> records = connected.poll(POLL);
    for (ConsumerRecord<byte[], byte[]> record : records) {
      take(record);
    }
    if (!records.isEmpty()) {
      connected.commitSync();
    }
  }

  private void disconnect() {
    Consumer<byte[], byte[]> connected = consumer;
    consumer = null;
    if (connected != null) {
      try {
        connected.close(Duration.ZERO);
      } catch (RuntimeException e) {
        LOG.debug("a consumer did not close", e);
      }
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
    closed = true;
    Consumer<byte[], byte[]> connected = consumer;
    if (connected != null) {
      connected.wakeup();
    }
  }
}
