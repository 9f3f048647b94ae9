package ai.finks.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.finks.broker.EmbeddedBroker;
import ai.finks.broker.TopicSpec;
import ai.finks.schemas.raw.DecodedRecord;
import ai.finks.schemas.raw.RawRecord;
import ai.finks.schemas.raw.RawRecordDecoder;
import ai.finks.schemas.registry.InMemoryRegistryClient;
import ai.finks.schemas.wire.ConfluentWireFormat;
import ai.finks.schemas.wire.WireFormat;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RawProducerTest {
  private static final String NOBODY = "http://127.0.0.1:1";

  @TempDir static Path folder;
  private static EmbeddedBroker broker;
  private final WireFormat format = new ConfluentWireFormat(new InMemoryRegistryClient());

  @BeforeAll
  static void startBroker() throws Exception {
    broker = EmbeddedBroker.start(folder.resolve("kafka"));
    broker.createTopics(
        List.of(TopicSpec.of("test.quotes.raw.v1", 4), TopicSpec.of("test.bars.raw.v1", 4)));
    try (Admin admin = broker.admin()) {
      NewTopic small = new NewTopic("test.news.raw.v1", 1, (short) 1);
      admin
          .createTopics(List.of(small.configs(Map.of("max.message.bytes", "1000000"))))
          .all()
          .get();
    }
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void whatIsSentIsReadBackEqualAndAKeyStaysInOnePartition() {
    List<RawRecord> sent = new ArrayList<>();
    AtomicInteger acknowledged = new AtomicInteger();

    try (RawProducer producer = RawProducer.open(config(Map.of()), format)) {
      for (int i = 0; i < 5_000; i++) {
        RawRecord record =
            record("quotes", i, i % 50 == 0 ? null : "K" + i % 7, "{\"n\":" + i + "}");
        sent.add(record);
        producer.send(record, failure -> acknowledged.incrementAndGet());
      }
      producer.flush();
      assertThat(acknowledged).hasValue(5_000);
    }

    List<ConsumerRecord<byte[], byte[]>> read = read("test.quotes.raw.v1", 4, 5_000);
    assertThat(read.stream().map(this::decode)).containsExactlyInAnyOrderElementsOf(sent);
    Map<String, List<Integer>> partitions = new java.util.TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> record : read) {
      List<Integer> of =
          partitions.computeIfAbsent(
              new String(record.key(), StandardCharsets.UTF_8), key -> new ArrayList<>());
      if (!of.contains(record.partition())) {
        of.add(record.partition());
      }
    }
    assertThat(partitions).hasSize(8).allSatisfy((key, of) -> assertThat(of).hasSize(1));
  }

  @Test
  void aTopicThatDoesNotExistIsNamedAndNotCreated() throws Exception {
    try (RawProducer producer = RawProducer.open(config(Map.of()), format)) {
      assertThatThrownBy(() -> producer.send(record("unknown", 0, "a", "{}"), SendCallback.IGNORE))
          .isInstanceOf(RawSinkException.class)
          .hasMessageContaining("test.unknown.raw.v1 does not exist")
          .hasMessageContaining("./finks up");
    }
    try (var admin = broker.admin()) {
      assertThat(admin.listTopics().names().get()).doesNotContain("test.unknown.raw.v1");
    }
  }

  @Test
  void aRecordThatIsTooLargeIsRefusedAndTheNextOneIsTaken() {
    try (RawProducer producer = RawProducer.open(config(Map.of()), format)) {
      String large = "x".repeat(3 << 20);
      assertThatThrownBy(() -> producer.send(record("news", 0, "a", large), SendCallback.IGNORE))
          .isInstanceOf(RecordTooLargeException.class)
          .hasMessageContaining("test.news.raw.v1")
          .hasMessageContaining("max.message.bytes");
      producer.send(record("news", 1, "a", "{}"), SendCallback.IGNORE);
      producer.flush();
    }
    assertThat(read("test.news.raw.v1", 1, 1)).hasSize(1);
  }

  @Test
  void brokersThatCannotBeReachedAreNamedWithWhatToDo() {
    Map<String, String> nobody =
        Map.of("bootstrap-servers", "127.0.0.1:1", "delivery-timeout", "PT0.3S");
    try (RawProducer producer = RawProducer.open(config(nobody), format)) {
      assertThatThrownBy(() -> producer.send(record("bars", 0, "a", "{}"), SendCallback.IGNORE))
          .isInstanceOf(RawSinkException.class)
          .hasMessageContaining("127.0.0.1:1")
          .hasMessageContaining("Check bootstrap-servers");
    }
  }

  @Test
  void aBrokerThatGoesAwayIsToldToCallbackFlushAndLaterSends(@TempDir Path other) {
    EmbeddedBroker shortLived = EmbeddedBroker.start(other);
    shortLived.createTopics(1, "test.bars.raw.v1");
    RawProducer producer =
        RawProducer.open(
            config(
                Map.of(
                    "bootstrap-servers",
                    shortLived.bootstrapServers(),
                    "delivery-timeout",
                    "PT3S")),
            format);
    producer.send(record("bars", 0, "a", "{}"), SendCallback.IGNORE);
    producer.flush();
    shortLived.close();
    List<Exception> told = new ArrayList<>();

    producer.send(record("bars", 1, "a", "{}"), told::add);

    assertThatThrownBy(producer::flush)
        .isInstanceOf(RawSinkException.class)
        .hasMessageContaining("was not acknowledged");
    assertThat(told)
        .singleElement()
        .isInstanceOf(RawSinkException.class)
        .asString()
        .contains("test.bars.raw.v1", shortLived.bootstrapServers());
    assertThatThrownBy(() -> producer.send(record("bars", 2, "a", "{}"), SendCallback.IGNORE))
        .isInstanceOf(RawSinkException.class);
    producer.close();
  }

  @Test
  void aRegistryThatCannotBeReachedIsNamed() {
    try (RawProducer producer = RawProducer.open(config(Map.of("registry-url", NOBODY)))) {
      assertThatThrownBy(() -> producer.send(record("bars", 0, "a", "{}"), SendCallback.IGNORE))
          .isInstanceOf(RawSinkException.class)
          .hasMessageContaining("registry")
          .hasMessageContaining(NOBODY);
    }
  }

  private static RawProducerConfig config(Map<String, String> changes) {
    Map<String, String> settings = new java.util.HashMap<>();
    settings.put("bootstrap-servers", broker.bootstrapServers());
    settings.put("registry-url", NOBODY);
    settings.put("delivery-timeout", Duration.ofMinutes(2).toString());
    settings.putAll(changes);
    return RawProducerConfig.of(settings);
  }

  private static RawRecord record(
      String entity, long sequence, @org.jspecify.annotations.Nullable String key, String payload) {
    return RawRecord.builder()
        .source("test")
        .entity(entity)
        .runId("run-1")
        .batchId("run-1-0")
        .sequence(sequence)
        .ingestTimeMicros(1_700_000_000_000_000L)
        .key(key)
        .contentType("application/json")
        .payload(payload.getBytes(StandardCharsets.UTF_8))
        .attributes(Map.of("a", "1", "b", "2"))
        .build();
  }

  private RawRecord decode(ConsumerRecord<byte[], byte[]> record) {
    DecodedRecord decoded = new RawRecordDecoder(format).decode(record.value());
    return decoded.record();
  }

  private static List<ConsumerRecord<byte[], byte[]>> read(
      String topic, int partitions, int count) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", broker.bootstrapServers());
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> all = new ArrayList<>();
      for (int i = 0; i < partitions; i++) {
        all.add(new TopicPartition(topic, i));
      }
      consumer.assign(all);
      consumer.seekToBeginning(all);
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
      while (records.size() < count && System.nanoTime() < deadline) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
      return records;
    }
  }
}
