package ai.finks.broker;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a broker's topics what is asked for, as far as that loses no order. */
final class TopicSetup {
  private static final Logger LOG = LoggerFactory.getLogger(TopicSetup.class);
  private static final Duration LEADER_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration LEADER_POLL = Duration.ofMillis(20);

  private final Admin admin;

  TopicSetup(Admin admin) {
    this.admin = admin;
  }

  void apply(Collection<TopicSpec> topics) {
    long deadline = System.nanoTime() + LEADER_TIMEOUT.toNanos();
    while (!isApplied(topics, deadline)) {
      LockSupport.parkNanos(LEADER_POLL.toNanos());
    }
  }

  /** On a busy machine the only broker may miss its session and counts as gone for a moment. */
  private boolean isApplied(Collection<TopicSpec> topics, long deadline) {
    try {
      applyOnce(topics);
      return true;
    } catch (BrokerException e) {
      if (kafkaCause(e) instanceof InvalidReplicationFactorException
          && System.nanoTime() < deadline) {
        return false;
      }
      throw e;
    }
  }

  private void applyOnce(Collection<TopicSpec> topics) {
    Set<String> names = existing(topics);
    List<TopicSpec> existing = topics.stream().filter(t -> names.contains(t.name())).toList();
    checkPartitions(existing);
    applyRetention(existing);
    create(topics.stream().filter(t -> !names.contains(t.name())).toList());
  }

  /** Asks the controller: the broker's list of topics follows it with a delay. */
  private Set<String> existing(Collection<TopicSpec> topics) {
    Set<String> names = new HashSet<>();
    admin
        .createTopics(newTopics(topics), new CreateTopicsOptions().validateOnly(true))
        .values()
        .forEach(
            (name, answer) -> {
              if (exists(answer)) {
                names.add(name);
              }
            });
    return names;
  }

  private static boolean exists(KafkaFuture<Void> answer) {
    try {
      await(answer);
      return false;
    } catch (BrokerException e) {
      if (kafkaCause(e) instanceof TopicExistsException) {
        return true;
      }
      throw e;
    }
  }

  /** More partitions would send a key's later records elsewhere than its earlier ones. */
  private void checkPartitions(List<TopicSpec> existing) {
    Map<String, TopicDescription> described =
        await(
            admin.describeTopics(existing.stream().map(TopicSpec::name).toList()).allTopicNames());
    for (TopicSpec topic : existing) {
      int partitions = Objects.requireNonNull(described.get(topic.name())).partitions().size();
      if (partitions != topic.partitions()) {
        throw new BrokerException(
            String.format(
                "Topic %s has %d partitions and %d are asked for. Records of one key would lose"
                    + " their order, so a topic keeps its number: ask for %d again, or begin a new"
                    + " generation of the stream in a new home.",
                topic.name(), partitions, topic.partitions(), partitions));
      }
    }
  }

  private void applyRetention(List<TopicSpec> existing) {
    Map<ConfigResource, Config> settings =
        await(admin.describeConfigs(existing.stream().map(TopicSetup::resource).toList()).all());
    Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
    for (TopicSpec topic : existing) {
      String asked = Long.toString(topic.retention().toMillis());
      String found =
          Objects.requireNonNull(settings.get(resource(topic)))
              .get(TopicConfig.RETENTION_MS_CONFIG)
              .value();
      if (!asked.equals(found)) {
        LOG.info("retention changes: topic={} millis={} before={}", topic.name(), asked, found);
        ConfigEntry entry = new ConfigEntry(TopicConfig.RETENTION_MS_CONFIG, asked);
        changes.put(resource(topic), List.of(new AlterConfigOp(entry, AlterConfigOp.OpType.SET)));
      }
    }
    await(admin.incrementalAlterConfigs(changes).all());
  }

  private void create(List<TopicSpec> missing) {
    CreateTopicsResult result = admin.createTopics(newTopics(missing));
    await(result.all());
    Map<String, Uuid> created = new HashMap<>();
    for (TopicSpec topic : missing) {
      created.put(topic.name(), await(result.topicId(topic.name())));
    }
    awaitLeaders(created);
  }

  private static List<NewTopic> newTopics(Collection<TopicSpec> topics) {
    return topics.stream()
        .map(
            topic ->
                new NewTopic(topic.name(), topic.partitions(), (short) 1).configs(topic.settings()))
        .toList();
  }

  /**
   * Waits until the broker leads the new partitions. Before, it refuses a producer's first batch
   * but may take the second, which is in flight: an idempotent producer never recovers from that.
   */
  private void awaitLeaders(Map<String, Uuid> created) {
    long deadline = System.nanoTime() + LEADER_TIMEOUT.toNanos();
    while (!leads(created)) {
      if (System.nanoTime() > deadline) {
        throw new BrokerException("The broker does not serve its new topics " + created.keySet());
      }
      LockSupport.parkNanos(LEADER_POLL.toNanos());
    }
  }

  private boolean leads(Map<String, Uuid> created) {
    try {
      Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
      for (TopicDescription topic :
          await(admin.describeTopics(created.keySet()).allTopicNames()).values()) {
        if (!topic.topicId().equals(created.get(topic.name()))) {
          return false;
        }
        for (TopicPartitionInfo partition : topic.partitions()) {
          partitions.put(
              new TopicPartition(topic.name(), partition.partition()), OffsetSpec.latest());
        }
      }
      await(admin.listOffsets(partitions).all());
      return true;
    } catch (BrokerException e) {
      // The client gives up on a topic that the broker has not heard of yet.
      if (kafkaCause(e) instanceof RetriableException) {
        return false;
      }
      throw e;
    }
  }

  private static @Nullable Throwable kafkaCause(BrokerException e) {
    Throwable cause = e.getCause();
    return cause instanceof ExecutionException ? cause.getCause() : cause;
  }

  private static ConfigResource resource(TopicSpec topic) {
    return new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
  }

  private static <T> T await(KafkaFuture<T> future) {
    return EmbeddedBroker.await(future.toCompletionStage());
  }
}
