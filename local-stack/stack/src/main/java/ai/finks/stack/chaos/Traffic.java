package ai.finks.stack.chaos;

import ai.finks.schemas.Topics;
import ai.finks.stack.chaos.RecordMaker.Stream;
import ai.finks.stack.chaos.SentLog.Partition;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends what a seed says, and keeps what the broker took in the log. */
final class Traffic implements AutoCloseable {
  private static final int MOST_RECORDS = 4000;

  private final Random random;
  private final RecordMaker maker;
  private final SentLog log;
  private final KafkaProducer<byte[], byte[]> producer;

  Traffic(Random random, RecordMaker maker, SentLog log, String bootstrapServers) {
    this.random = random;
    this.maker = maker;
    this.log = log;
    this.producer =
        new KafkaProducer<>(
            Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** The raw topics. */
  static List<String> topics() {
    return List.of(topic(Stream.BARS), topic(Stream.TRANSACTIONS));
  }

  static String topic(Stream stream) {
    return Topics.raw(stream.source(), stream.entity());
  }

  private record Pending(Partition partition, Sent sent, Future<RecordMetadata> answer) {}

  /** What the broker took. */
  SentLog log() {
    return log;
  }

  /** Sends a few messages, unless a run has had many. */
  void trickle() {
    if (log.size() < MOST_RECORDS) {
      send(1 + random.nextInt(8));
    }
  }

  /** Sends that many messages and returns when the broker has them. */
  void send(int count) {
    List<Pending> pending = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Stream stream = random.nextInt(2) == 0 ? Stream.BARS : Stream.TRANSACTIONS;
      Partition partition = new Partition(stream, random.nextInt(RecordMaker.PARTITIONS));
      Sent sent = next(partition);
      pending.add(
          new Pending(
              partition,
              sent,
              producer.send(
                  new ProducerRecord<>(topic(stream), partition.number(), null, sent.wire()))));
    }
    producer.flush();
    for (Pending each : pending) {
      log.add(each.partition(), offset(each.answer()), each.sent());
    }
  }

  /** Sends no news of these months from now on; what was sent before may still come again. */
  void spare(List<YearMonth> months) {
    maker.spare(months);
  }

  private Sent next(Partition partition) {
    int dice = random.nextInt(10);
    List<Sent> before = dice == 0 ? log.of(partition) : List.of();
    if (!before.isEmpty()) {
      return before.get(random.nextInt(before.size()));
    }
    return dice == 1
        ? maker.corrupt(partition.stream())
        : maker.valid(partition.stream(), partition.number());
  }

  private static long offset(Future<RecordMetadata> answer) {
    try {
      return answer.get().offset();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlatformFailure("Interrupted", e);
    } catch (ExecutionException e) {
      throw new PlatformFailure("The broker did not take a record: " + e.getCause(), e);
    }
  }

  @Override
  public void close() {
    producer.close(java.time.Duration.ofSeconds(5));
  }
}
