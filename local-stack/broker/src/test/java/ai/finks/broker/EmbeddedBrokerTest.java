package ai.finks.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerTest {
  private static final String TOPIC = "fmp.bars.raw.v1";

  @TempDir Path directory;

  @Test
  void recordsTopicsAndClusterIdSurviveARestartOnTheSameDirectory() throws Exception {
    String clusterId;
    String topicId;
    try (EmbeddedBroker broker = EmbeddedBroker.start(directory)) {
      broker.createTopics(List.of(new TopicSpec(TOPIC, 3, Duration.ofDays(1))));
      produce(broker, "AAPL", "MSFT");
      clusterId = broker.clusterId();
      topicId = topicId(broker);
    }

    try (EmbeddedBroker broker = EmbeddedBroker.start(directory)) {
      produce(broker, "NVDA");

      assertThat(valuesIn(broker)).containsExactlyInAnyOrder("AAPL", "MSFT", "NVDA");
      assertThat(broker.clusterId()).isEqualTo(clusterId);
      assertThat(topicId(broker)).isEqualTo(topicId);
    }
  }

  @Test
  void otherPartitionsThanATopicHasAreRefusedAndNothingIsCreated() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(directory)) {
      broker.createTopics(2, TOPIC);
      broker.createTopics(2, TOPIC);

      assertThatThrownBy(() -> broker.createTopics(5, TOPIC, "another"))
          .isInstanceOf(BrokerException.class)
          .hasMessageContaining("Topic " + TOPIC + " has 2 partitions and 5 are asked for")
          .hasMessageContaining("ask for 2 again");

      try (var admin = broker.admin()) {
        var topics = admin.describeTopics(admin.listTopics().names().get()).allTopicNames().get();
        assertThat(topics).containsOnlyKeys(TOPIC);
        assertThat(topics.get(TOPIC).partitions()).hasSize(2);
      }
    }
  }

  @Test
  void changedRetentionIsAppliedToATopicThatIsThere() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(directory)) {
      broker.createTopics(List.of(new TopicSpec(TOPIC, 2, Duration.ofDays(7))));
      String topicId = topicId(broker);

      broker.createTopics(List.of(new TopicSpec(TOPIC, 2, Duration.ofHours(12))));

      ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, TOPIC);
      try (var admin = broker.admin()) {
        Awaitility.await()
            .atMost(Duration.ofMinutes(1))
            .untilAsserted(
                () -> {
                  var settings = admin.describeConfigs(List.of(resource)).all().get().get(resource);
                  assertThat(settings.get("retention.ms").value()).isEqualTo("43200000");
                });
      }
      assertThat(topicId(broker)).isEqualTo(topicId);
    }
  }

  @Test
  void aDeletedTopicIsCreatedAnewAtOnce() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(directory);
        Admin admin = broker.admin()) {
      Set<String> ids = new HashSet<>();
      for (int round = 0; round < 30; round++) {
        broker.createTopics(3, TOPIC);
        ids.add(topicId(broker));
        admin.deleteTopics(List.of(TOPIC)).all().get();
      }
      assertThat(ids).hasSize(30);
    }
  }

  @Test
  void sendingToAnUnknownTopicFailsInsteadOfCreatingIt() {
    try (EmbeddedBroker broker = EmbeddedBroker.start(directory);
        KafkaProducer<String, String> producer =
            new KafkaProducer<>(
                clientProperties(broker, Map.of("max.block.ms", 500)),
                new StringSerializer(),
                new StringSerializer())) {

      assertThatThrownBy(() -> producer.send(new ProducerRecord<>("nobody", "x")).get())
          .hasRootCauseInstanceOf(UnknownTopicOrPartitionException.class)
          .hasMessageContaining("nobody");
    }
  }

  @Test
  void aTakenPortIsNamedBeforeAnythingStarts() throws Exception {
    try (ServerSocket taken = new ServerSocket()) {
      taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      BrokerConfig config = BrokerConfig.defaults().withPort(taken.getLocalPort());

      assertThatThrownBy(() -> EmbeddedBroker.start(directory, config))
          .isInstanceOf(BrokerException.class)
          .hasMessageContaining("port " + taken.getLocalPort() + " is in use");
    }
  }

  @Test
  void closingTwiceIsAllowed() {
    EmbeddedBroker broker = EmbeddedBroker.start(directory);
    broker.close();

    broker.close();

    assertThat(LoopbackPorts.isFree(Integer.parseInt(broker.bootstrapServers().split(":")[1])))
        .isTrue();
  }

  private static void produce(EmbeddedBroker broker, String... values) throws Exception {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            clientProperties(broker, Map.of("enable.idempotence", true)),
            new StringSerializer(),
            new StringSerializer())) {
      for (String value : values) {
        producer.send(new ProducerRecord<>(TOPIC, value, value)).get();
      }
    }
  }

  private static List<String> valuesIn(EmbeddedBroker broker) {
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            clientProperties(broker, Map.of()),
            new StringDeserializer(),
            new StringDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(TOPIC).stream()
              .map(info -> new TopicPartition(TOPIC, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      long end = consumer.endOffsets(partitions).values().stream().mapToLong(Long::longValue).sum();
      List<String> values = new ArrayList<>();
      while (values.size() < end) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
          values.add(record.value());
        }
      }
      return values;
    }
  }

  private static String topicId(EmbeddedBroker broker) throws Exception {
    try (var admin = broker.admin()) {
      return admin
          .describeTopics(List.of(TOPIC))
          .allTopicNames()
          .get()
          .get(TOPIC)
          .topicId()
          .toString();
    }
  }

  private static Properties clientProperties(EmbeddedBroker broker, Map<String, Object> more) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", broker.bootstrapServers());
    properties.putAll(more);
    return properties;
  }
}
