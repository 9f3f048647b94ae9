package ai.finks.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends lineage events. What is told twice counts once with whoever reads it, so a failed call may
 * be repeated.
 */
public final class LineageProducer implements AutoCloseable {
  /** The topic that events go to; it must exist. */
  public static final String TOPIC = "lineage.v1";

  private static final Duration MOST_PATIENCE = Duration.ofSeconds(10);

  private final KafkaProducer<byte[], byte[]> kafka;
  private final Duration patience;
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

  private LineageProducer(KafkaProducer<byte[], byte[]> kafka, Duration patience) {
    this.kafka = kafka;
    this.patience = patience;
  }

  /**
   * A producer for the brokers of the configuration; nothing is contacted yet. An event is waited
   * for no longer than a record.
   */
  public static LineageProducer open(RawProducerConfig config) {
    Duration patience =
        config.deliveryTimeout().compareTo(MOST_PATIENCE) < 0
            ? config.deliveryTimeout()
            : MOST_PATIENCE;
    Properties properties = config.adminProperties();
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
    properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, millis(patience));
    properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, millis(patience));
    properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis(patience.plusSeconds(1)));
    return new LineageProducer(
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer()),
        patience);
  }

  private static String millis(Duration duration) {
    return Long.toString(duration.toMillis());
  }

  /**
   * Hands an event over; it is there when {@link #flush} has returned.
   *
   * @param key events of one key keep their order: a run's id, a table's name
   */
  public void send(String key, byte[] event) {
    try {
      kafka.send(
          new ProducerRecord<>(TOPIC, key.getBytes(StandardCharsets.UTF_8), event),
          (metadata, exception) -> {
            if (exception != null) {
              failure.compareAndSet(null, exception);
            }
          });
    } catch (InterruptException e) {
      throw new RawSinkException("interrupted while sending to " + TOPIC, e);
    } catch (KafkaException | IllegalStateException e) {
      throw new RawSinkException("no event could be sent to " + TOPIC + ": " + e.getMessage(), e);
    }
  }

  /**
   * Returns when the brokers hold every event that was sent.
   *
   * @throws RawSinkException if they do not hold one of them
   */
  public void flush() {
    try {
      kafka.flush();
    } catch (InterruptException e) {
      throw new RawSinkException("interrupted while sending to " + TOPIC, e);
    }
    Exception failed = failure.getAndSet(null);
    if (failed != null) {
      throw new RawSinkException(
          "an event was not taken by " + TOPIC + ": " + failed.getMessage(), failed);
    }
  }

  @Override
  public void close() {
    kafka.close(patience);
  }
}
