package ai.finks.client;

import ai.finks.schemas.Topics;
import ai.finks.schemas.raw.RawRecord;
import ai.finks.schemas.raw.RawRecordEncoder;
import ai.finks.schemas.raw.RawRecords;
import ai.finks.schemas.registry.RegistryUnavailableException;
import ai.finks.schemas.registry.SchemaRejectedException;
import ai.finks.schemas.wire.WireFormat;
import ai.finks.schemas.wire.WireFormats;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends raw records to their topics, {@code <source>.<entity>.raw.v1}, in the wire format of the
 * registry in use: Confluent's, or another that {@link WireFormats} finds.
 *
 * <p>Each record is written once and kept by all replicas in sync: the producer is idempotent and
 * waits for {@code acks=all}. Records go out compressed (lz4) and in batches; memory for what is
 * under way is bounded, and a sender waits when it is used up. The partition follows from the
 * record's key; records without one share a partition.
 *
 * <p>Topics are never created here: the first record for an unknown one is a {@link
 * RawSinkException} that says what to do. The schema of raw records is registered at the first
 * record of a topic.
 *
 * <p>The first record that cannot be delivered ends it: its callback hears of it, and every later
 * {@link #send}, {@link #flush} and {@link #close} throws. Thread-safe; one instance per process is
 * enough.
 */
public final class RawProducer implements RawSink {
  private static final byte[] NO_KEY = new byte[0];
  // Kafka's own frame around a record in a batch: a batch header and a record header.
  private static final int FRAME_BYTES = 128;

  private final RawProducerConfig config;
  private final WireFormat format;
  private final TopicInspector topics;
  private final KafkaProducer<byte[], byte[]> kafka;
  private final Map<String, Route> routes = new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable RawSinkException> failure = new AtomicReference<>();
  private final AtomicBoolean failureTold = new AtomicBoolean();

  private RawProducer(RawProducerConfig config, WireFormat format) {
    this.config = config;
    this.format = format;
    this.topics = new TopicInspector(config);
    this.kafka =
        new KafkaProducer<>(
            config.producerProperties(), new ByteArraySerializer(), new ByteArraySerializer());
  }

  /**
   * A producer in the format of the configured registry; nothing is contacted before the first
   * record.
   */
  public static RawProducer open(RawProducerConfig config) {
    return open(config, WireFormats.open(config.registryUrl()));
  }

  /** A producer in the given format. */
  public static RawProducer open(RawProducerConfig config, WireFormat format) {
    try {
      return new RawProducer(config, format);
    } catch (KafkaException e) {
      throw new RawSinkException(
          "no producer for " + config.bootstrapServers() + ": " + causes(e), e);
    }
  }

  @Override
  public void send(RawRecord record, SendCallback callback) {
    throwFailure();
    Route route = route(record.source(), record.entity());
    byte[] value = route.encode(record);
    String key = record.key();
    byte[] keyBytes = key == null ? NO_KEY : key.getBytes(StandardCharsets.UTF_8);
    long bytes = (long) value.length + keyBytes.length + FRAME_BYTES;
    if (bytes > route.maxBytes) {
      throw new RecordTooLargeException(route.topic, bytes, route.maxBytes);
    }
    try {
      kafka.send(
          new ProducerRecord<>(route.topic, keyBytes, value),
          (metadata, exception) ->
              callback.completed(exception == null ? null : fail(route.topic, exception)));
    } catch (InterruptException e) {
      throw new RawSinkException("interrupted while sending to " + route.topic, e);
    } catch (KafkaException | IllegalStateException e) {
      throw fail(route.topic, e);
    }
  }

  /** Sends a record and gives a future of its acknowledgement; for few records. */
  public CompletableFuture<Void> send(RawRecord record) {
    CompletableFuture<Void> sent = new CompletableFuture<>();
    send(
        record,
        exception -> {
          if (exception == null) {
            sent.complete(null);
          } else {
            sent.completeExceptionally(exception);
          }
        });
    return sent;
  }

  @Override
  public void flush() {
    try {
      kafka.flush();
    } catch (InterruptException e) {
      throw new RawSinkException("interrupted while flushing", e);
    }
    throwFailure();
  }

  /**
   * Gives up what is under way, for who knows that the brokers will not come back: records without
   * an acknowledgement fail at once, and so does every later call.
   *
   * @param reason what the failures say
   */
  public void abandon(String reason) {
    failure.compareAndSet(null, new RawSinkException(reason, null));
    kafka.close(Duration.ZERO);
  }

  @Override
  public void close() {
    // Closing flushes; after a failure there is nothing to wait for.
    kafka.close(failure.get() == null ? config.deliveryTimeout() : Duration.ZERO);
    topics.close();
    RawSinkException failed = failure.get();
    if (failed != null && failureTold.compareAndSet(false, true)) {
      throw failed;
    }
  }

  private Route route(String source, String entity) {
    String topic = Topics.raw(source, entity);
    Route route = routes.get(topic);
    if (route != null) {
      return route;
    }
    synchronized (routes) {
      route = routes.get(topic);
      if (route == null) {
        long maxBytes = Math.min(config.maxRecordBytes(), topics.maxMessageBytes(topic));
        route = new Route(topic, header(topic), maxBytes);
        routes.put(topic, route);
      }
      return route;
    }
  }

  private byte[] header(String topic) {
    try {
      return format.header(topic, RawRecords.SCHEMA_JSON);
    } catch (RegistryUnavailableException | SchemaRejectedException e) {
      throw new RawSinkException(String.valueOf(e.getMessage()), e);
    }
  }

  private RawSinkException fail(String topic, Exception cause) {
    RawSinkException exception =
        new RawSinkException(
            String.format(
                "a record for %s was not acknowledged by %s within %s: %s",
                topic, config.bootstrapServers(), config.deliveryTimeout(), causes(cause)),
            cause);
    failure.compareAndSet(null, exception);
    return exception;
  }

  private void throwFailure() {
    RawSinkException failed = failure.get();
    if (failed != null) {
      failureTold.set(true);
      throw new RawSinkException(String.valueOf(failed.getMessage()), failed);
    }
  }

  static String causes(Throwable thrown) {
    StringBuilder text = new StringBuilder();
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      text.append(text.length() == 0 ? "" : "; ").append(at.getClass().getSimpleName());
      text.append(": ").append(at.getMessage());
    }
    return text.toString();
  }

  /** What is known of a topic after its first record. */
  private static final class Route {
    final String topic;
    final long maxBytes;
    // An encoder reuses its buffer, so each thread has one.
    private final ThreadLocal<RawRecordEncoder> encoders;

    Route(String topic, byte[] header, long maxBytes) {
      this.topic = topic;
      this.maxBytes = maxBytes;
      this.encoders = ThreadLocal.withInitial(() -> new RawRecordEncoder(header));
    }

    byte[] encode(RawRecord record) {
      return encoders.get().encode(record);
    }
  }
}
