package ai.finks.flink.silver.redrive;

import ai.finks.flink.silver.core.RecordCoordinate;
import ai.finks.flink.stream.BrokerLog;
import ai.finks.flink.table.StreamPartition;
import ai.finks.schemas.raw.RawRecord;
import ai.finks.schemas.raw.RawRecordDecoder;
import ai.finks.schemas.raw.RawRecordEncoder;
import ai.finks.schemas.raw.RawRecords;
import ai.finks.schemas.wire.WireFormat;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** The raw topics, as one who sends records again sees them. */
final class RedriveStream implements AutoCloseable {
  private static final int MAX_RECORD_BYTES = 34 << 20;
  private static final Duration POLL = Duration.ofMillis(200);

  private final KafkaProducer<byte[], byte[]> producer;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final WireFormat format;
  private final Map<String, String> streamIds;
  private final Map<String, Integer> partitions = new HashMap<>();
  private final Map<String, RawRecordEncoder> encoders = new HashMap<>();

  /** What the broker said to a record. */
  @FunctionalInterface
  interface Answer {
    /**
     * @param offset where the record lies, −1 when it was not taken
     * @param problem why not
     */
    void heard(long offset, @Nullable Exception problem);
  }

  /**
   * @param topics those that the entity is fed by; they must exist
   */
  RedriveStream(Properties clientProperties, WireFormat format, Collection<String> topics) {
    this.format = format;
    try (BrokerLog log = BrokerLog.connect(clientProperties)) {
      streamIds = log.streamIds(topics);
      log.partitions(topics).forEach(p -> partitions.merge(p.topic(), 1, Integer::sum));
    }
    producer =
        new KafkaProducer<>(
            producerProperties(clientProperties),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    consumer =
        new KafkaConsumer<>(
            consumerProperties(clientProperties),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
  }

  private static Properties producerProperties(Properties client) {
    Properties properties = new Properties();
    properties.putAll(client);
    properties.setProperty("acks", "all");
    properties.setProperty("enable.idempotence", "true");
    properties.setProperty("compression.type", "lz4");
    properties.setProperty("max.request.size", Integer.toString(MAX_RECORD_BYTES));
    properties.setProperty("buffer.memory", Integer.toString(2 * MAX_RECORD_BYTES));
    return properties;
  }

  private static Properties consumerProperties(Properties client) {
    Properties properties = new Properties();
    properties.putAll(client);
    properties.setProperty("enable.auto.commit", "false");
    properties.setProperty("auto.offset.reset", "earliest");
    return properties;
  }

  /**
   * Where a record belongs: the partition that it came from; in a topic that was recreated since,
   * the one that its key has there. Null when the entity is not fed by its topic any more.
   */
  @Nullable StreamPartition target(RecordCoordinate refused, @Nullable String key) {
    String streamId = streamIds.get(refused.topic());
    if (streamId == null) {
      return null;
    }
    int count = partitions.getOrDefault(refused.topic(), 1);
    int partition =
        streamId.equals(refused.streamId())
            ? refused.partition()
            : Utils.toPositive(Utils.murmur2(keyBytes(key))) % count;
    return StreamPartition.of(refused.topic(), streamId, partition);
  }

  /** The offset behind the last record. */
  long end(StreamPartition partition) {
    TopicPartition kafka = kafka(partition);
    Long end = consumer.endOffsets(List.of(kafka)).get(kafka);
    if (end == null) {
      throw new IllegalStateException("The broker does not know " + partition);
    }
    return end;
  }

  /**
   * Looks for records that were sent again.
   *
   * @param from the first offset that they may lie at
   * @return the offset of the first of each that is there
   */
  Map<RecordCoordinate, Long> find(
      StreamPartition partition, long from, Set<RecordCoordinate> wanted) {
    Map<RecordCoordinate, Long> found = new TreeMap<>();
    if (!partition.streamId().equals(streamIds.get(partition.topic()))) {
      return found;
    }
    TopicPartition kafka = kafka(partition);
    long end = end(partition);
    RawRecordDecoder decoder = new RawRecordDecoder(format);
    consumer.assign(List.of(kafka));
    consumer.seek(kafka, from);
    while (consumer.position(kafka) < end) {
      for (ConsumerRecord<byte[], byte[]> message : consumer.poll(POLL)) {
        RawRecord record = decoder.decode(message.value()).record();
        RecordCoordinate refused =
            record == null
                ? null
                : RecordCoordinate.parse(record.attributes().get(RecordCoordinate.ATTRIBUTE));
        if (refused != null && wanted.contains(refused)) {
          found.putIfAbsent(refused, message.offset());
        }
      }
    }
    return found;
  }

  /** Sends a record as it was, with the coordinate that it was refused at. */
  void send(RecordCoordinate refused, RawRecord record, StreamPartition target, Answer answer) {
    Map<String, String> attributes = new HashMap<>(record.attributes());
    attributes.put(RecordCoordinate.ATTRIBUTE, refused.toString());
    byte[] value =
        encoder(target.topic()).encode(record.toBuilder().attributes(attributes).build());
    producer.send(
        new ProducerRecord<>(target.topic(), target.partition(), keyBytes(record.key()), value),
        (metadata, problem) -> answer.heard(problem == null ? metadata.offset() : -1, problem));
  }

  /** Returns when the broker has answered for everything that was sent. */
  void flush() {
    producer.flush();
  }

  private RawRecordEncoder encoder(String topic) {
    return encoders.computeIfAbsent(
        topic, name -> new RawRecordEncoder(format.header(name, RawRecords.SCHEMA_JSON)));
  }

  private static byte[] keyBytes(@Nullable String key) {
    return key == null ? new byte[0] : key.getBytes(StandardCharsets.UTF_8);
  }

  private static TopicPartition kafka(StreamPartition partition) {
    return new TopicPartition(partition.topic(), partition.partition());
  }

  @Override
  public String toString() {
    return streamIds.entrySet().stream()
        .map(entry -> entry.getKey() + '@' + entry.getValue())
        .collect(Collectors.joining(", "));
  }

  @Override
  public void close() {
    producer.close();
    consumer.close();
  }
}
