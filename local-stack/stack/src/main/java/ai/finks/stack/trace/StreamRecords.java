package ai.finks.stack.trace;

import ai.finks.flink.stream.BrokerLog;
import ai.finks.schemas.raw.RawRecordDecoder;
import ai.finks.schemas.wire.WireFormat;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Raw records that the stream still has. */
final class StreamRecords implements RawLookup.Stream {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofMillis(100);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final RawRecordDecoder decoder;
  private final Map<String, String> streamIds;

  /**
   * @param topics those that are looked into; they may be gone
   */
  StreamRecords(String bootstrapServers, WireFormat format, Collection<String> topics) {
    Properties client = new Properties();
    client.setProperty("bootstrap.servers", bootstrapServers);
    client.setProperty("default.api.timeout.ms", Long.toString(PATIENCE.toMillis()));
    client.setProperty("request.timeout.ms", Long.toString(PATIENCE.toMillis()));
    streamIds = streamIds(client, topics);
    decoder = new RawRecordDecoder(format);
    client.setProperty("enable.auto.commit", "false");
    client.setProperty("auto.offset.reset", "none");
    // A few single records are wanted, not their neighbours.
    client.setProperty("max.partition.fetch.bytes", "4096");
    client.setProperty("max.poll.records", "1");
    client.setProperty("fetch.max.wait.ms", "20");
    consumer =
        new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private static Map<String, String> streamIds(Properties client, Collection<String> topics) {
    Map<String, String> ids = new HashMap<>();
    try (BrokerLog log = BrokerLog.connect(client)) {
      Set<String> asked = new HashSet<>(topics);
      ids.putAll(log.streamIds(asked));
    } catch (IllegalStateException e) {
      if (e.getCause() != null
          && e.getCause().getCause() instanceof UnknownTopicOrPartitionException) {
        // A topic that was deleted takes the answer for the others with it: Bronze has them all.
        return Map.of();
      }
      throw new KafkaException(e.getMessage(), e);
    }
    return ids;
  }

  @Override
  public Map<Coordinate, RawFinding> find(Collection<Coordinate> wanted) {
    Map<Coordinate, RawFinding> found = new HashMap<>();
    Map<TopicPartition, Long> beginnings = beginnings(wanted);
    for (Coordinate coordinate : wanted) {
      TopicPartition partition = partition(coordinate);
      boolean retained =
          coordinate.streamId().equals(streamIds.get(coordinate.topic()))
              && coordinate.offset() >= beginnings.getOrDefault(partition, Long.MAX_VALUE);
      if (retained) {
        byte[] value = read(partition, coordinate.offset());
        if (value != null) {
          found.put(coordinate, new RawFinding("stream", null, decoder.decode(value).record()));
        }
      }
    }
    return found;
  }

  private Map<TopicPartition, Long> beginnings(Collection<Coordinate> wanted) {
    Set<TopicPartition> partitions = new HashSet<>();
    for (Coordinate coordinate : wanted) {
      if (coordinate.streamId().equals(streamIds.get(coordinate.topic()))) {
        partitions.add(partition(coordinate));
      }
    }
    return partitions.isEmpty() ? Map.of() : consumer.beginningOffsets(partitions);
  }

  private byte @Nullable [] read(TopicPartition partition, long offset) {
    consumer.assign(List.of(partition));
    consumer.seek(partition, offset);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      for (ConsumerRecord<byte[], byte[]> message : consumer.poll(POLL)) {
        return message.offset() == offset ? message.value() : null;
      }
    }
    return null;
  }

  private static TopicPartition partition(Coordinate coordinate) {
    return new TopicPartition(coordinate.topic(), coordinate.partition());
  }

  @Override
  public void close() {
    consumer.close(Duration.ZERO);
  }
}
