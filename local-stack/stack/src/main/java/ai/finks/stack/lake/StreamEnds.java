package ai.finks.stack.lake;

import ai.finks.flink.table.StreamPartition;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/** How far the raw topics reach at this moment. */
public final class StreamEnds {
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  private StreamEnds() {}

  /** The offset behind the last record of each partition of each raw topic. */
  public static SortedMap<StreamPartition, Long> of(String bootstrapServers)
      throws StreamUnavailableException, InterruptedException {
    try (Admin admin = Admin.create(settings(bootstrapServers))) {
      List<String> topics =
          await(admin.listTopics().names()).stream()
              .filter(name -> RawTopic.parse(name).isPresent())
              .toList();
      return ends(admin, await(admin.describeTopics(topics).allTopicNames()));
    } catch (ExecutionException | TimeoutException e) {
      throw new StreamUnavailableException(
          "The broker at " + bootstrapServers + " does not answer: " + e.getMessage(), e);
    }
  }

  private static SortedMap<StreamPartition, Long> ends(
      Admin admin, Map<String, TopicDescription> topics)
      throws ExecutionException, InterruptedException, TimeoutException {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    topics.forEach(
        (name, topic) ->
            topic
                .partitions()
                .forEach(
                    partition ->
                        wanted.put(
                            new TopicPartition(name, partition.partition()), OffsetSpec.latest())));
    SortedMap<StreamPartition, Long> ends = new TreeMap<>();
    await(admin.listOffsets(wanted).all())
        .forEach(
            (partition, offset) -> {
              TopicDescription topic = topics.get(partition.topic());
              if (topic != null) {
                ends.put(
                    StreamPartition.of(
                        partition.topic(), topic.topicId().toString(), partition.partition()),
                    offset.offset());
              }
            });
    return ends;
  }

  private static Map<String, Object> settings(String bootstrapServers) {
    return Map.of(
        AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
        bootstrapServers,
        AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
        (int) TIMEOUT.toMillis(),
        AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
        (int) TIMEOUT.toMillis());
  }

  private static <T> T await(KafkaFuture<T> future)
      throws ExecutionException, InterruptedException, TimeoutException {
    return future.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The broker does not answer. */
  public static final class StreamUnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    StreamUnavailableException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
