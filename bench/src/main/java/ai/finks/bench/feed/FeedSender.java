package ai.finks.bench.feed;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Fills two topics with the same payloads: one in envelopes, one bare. */
public final class FeedSender {
  private final QuoteFeed feed;
  private final String bootstrapServers;
  private final int schemaId;
  private final int partitions;

  public FeedSender(QuoteFeed feed, String bootstrapServers, int schemaId, int partitions) {
    this.feed = feed;
    this.bootstrapServers = bootstrapServers;
    this.schemaId = schemaId;
    this.partitions = partitions;
  }

  /**
   * Sends the whole set. A symbol's quotes go to one partition, in order.
   *
   * @param bareTopic for the payloads alone; null for none
   */
  public void send(String rawTopic, @Nullable String bareTopic)
      throws ExecutionException, InterruptedException {
    int threads = Math.max(1, Math.min(partitions, Runtime.getRuntime().availableProcessors()));
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> parts = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        int part = thread;
        parts.add(executor.submit(() -> sendPart(rawTopic, bareTopic, part, threads)));
      }
      for (Future<?> part : parts) {
        part.get();
      }
    } finally {
      executor.shutdownNow();
    }
  }

  /** Sends the partitions that fall to one of the threads, so that each keeps its order. */
  private void sendPart(String rawTopic, @Nullable String bareTopic, int part, int parts) {
    QuoteEnvelopes envelopes = new QuoteEnvelopes(feed, schemaId);
    StringBuilder text = new StringBuilder();
    AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    try (KafkaProducer<byte[], byte[]> producer = producer(bootstrapServers)) {
      for (long index = 0; index < feed.spec().records() && failure.get() == null; index++) {
        int symbol = feed.symbolNumber(index);
        int partition = symbol % partitions;
        if (partition % parts != part) {
          continue;
        }
        byte[] key = QuoteFeed.symbol(symbol).getBytes(StandardCharsets.UTF_8);
        byte[] payload = feed.payload(index, text);
        send(producer, failure, rawTopic, partition, key, envelopes.wire(index, payload));
        if (bareTopic != null) {
          send(producer, failure, bareTopic, partition, key, payload);
        }
      }
      producer.flush();
    }
    Exception broken = failure.get();
    if (broken != null) {
      throw new IllegalStateException("The quotes could not be sent", broken);
    }
  }

  private static void send(
      KafkaProducer<byte[], byte[]> producer,
      AtomicReference<@Nullable Exception> failure,
      String topic,
      int partition,
      byte[] key,
      byte[] value) {
    producer.send(
        new ProducerRecord<>(topic, partition, key, value),
        (metadata, e) -> {
          if (e != null) {
            failure.compareAndSet(null, e);
          }
        });
  }

  /** A producer as the platform's own client sets it up: idempotent, lz4. */
  public static KafkaProducer<byte[], byte[]> producer(String bootstrapServers) {
    return new KafkaProducer<>(
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "enable.idempotence",
            true,
            "compression.type",
            "lz4",
            "linger.ms",
            20,
            "batch.size",
            256 << 10,
            "buffer.memory",
            64L << 20),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }
}
