package ai.finks.flink.stream;

import ai.finks.flink.table.StreamPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;

/** What the broker says about its topics. Fails loudly if it cannot be asked. */
public final class BrokerLog implements StreamLog {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Admin admin;

  private BrokerLog(Admin admin) {
    this.admin = admin;
  }

  public static BrokerLog connect(Properties clientProperties) {
    Properties properties = new Properties();
    properties.putAll(clientProperties);
    properties.putIfAbsent(AdminClientConfig.CLIENT_ID_CONFIG, "finks-broker-log");
    return new BrokerLog(Admin.create(properties));
  }

  @Override
  public Map<String, String> streamIds(Collection<String> topics) {
    Map<String, String> ids = new HashMap<>();
    get(admin.describeTopics(topics).allTopicNames())
        .forEach((topic, description) -> ids.put(topic, description.topicId().toString()));
    return ids;
  }

  @Override
  public List<TopicPartition> partitions(Collection<String> topics) {
    List<TopicPartition> partitions = new ArrayList<>();
    get(admin.describeTopics(topics).allTopicNames())
        .forEach(
            (topic, description) -> {
              for (TopicPartitionInfo info : description.partitions()) {
                partitions.add(new TopicPartition(topic, info.partition()));
              }
            });
    return partitions;
  }

  @Override
  public long earliest(String topic, int partition) {
    TopicPartition key = new TopicPartition(topic, partition);
    return get(admin.listOffsets(Map.of(key, OffsetSpec.earliest())).partitionResult(key)).offset();
  }

  /** Those of the topics that the broker has. */
  public List<String> present(Collection<String> topics) {
    Set<String> all = get(admin.listTopics().names());
    return topics.stream().filter(all::contains).sorted().collect(Collectors.toList());
  }

  /** The offsets of all partitions of the topics that a question has for an answer. */
  public SortedMap<StreamPartition, Long> offsets(Collection<String> topics, OffsetSpec asked) {
    Map<String, String> ids = streamIds(topics);
    Map<TopicPartition, OffsetSpec> questions = new HashMap<>();
    partitions(topics).forEach(partition -> questions.put(partition, asked));
    SortedMap<StreamPartition, Long> offsets = new TreeMap<>();
    get(admin.listOffsets(questions).all())
        .forEach(
            (partition, answer) ->
                offsets.put(
                    StreamPartition.of(
                        partition.topic(),
                        Objects.requireNonNull(ids.get(partition.topic())),
                        partition.partition()),
                    answer.offset()));
    return offsets;
  }

  private static <T> T get(KafkaFuture<T> future) {
    try {
      return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while asking the broker", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("The broker did not answer: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(5));
  }
}
