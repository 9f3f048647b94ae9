package ai.finks.adapters;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.finks.broker.EmbeddedBroker;
import ai.finks.schemas.raw.RawRecord;
import ai.finks.schemas.raw.RawRecordDecoder;
import ai.finks.schemas.raw.RawRecords;
import ai.finks.schemas.registry.InMemoryRegistryClient;
import ai.finks.schemas.wire.ConfluentWireFormat;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A broker with topics and a registry that knows raw records, for programs that are whole. */
final class TestPlatform implements AutoCloseable {
  static final int PARTITIONS = 4;
  static final Path SCHEMAS = Path.of("../schemas");
  static final Path DEMO_DATA = Path.of("../local-stack/demo-data");

  private final EmbeddedBroker broker;
  private final HttpServer registry;

  TestPlatform(Path folder) throws IOException {
    broker = EmbeddedBroker.start(folder);
    broker.createTopics(
        PARTITIONS, "fmp.bars.raw.v1", "fmp.quotes.raw.v1", "files.bars.raw.v1", "lineage.v1");
    registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    registry.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          byte[] body = "{\"id\":1}".getBytes(UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    registry.start();
  }

  /** Options that say where the platform is. */
  List<String> options(Path home) {
    return List.of(
        "--bootstrap-servers", broker.bootstrapServers(),
        "--registry-url", "http://127.0.0.1:" + registry.getAddress().getPort(),
        "--home", home.toString(),
        "--schemas", SCHEMAS.toString());
  }

  /** Tells the number of records in a topic, again and again. */
  Gauge gauge(String topic) {
    return new Gauge(consumer(), partitions(topic));
  }

  /** Counts a topic's records. */
  record Gauge(KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions)
      implements AutoCloseable {

    long records() {
      return consumer.endOffsets(partitions).values().stream().mapToLong(n -> n).sum();
    }

    @Override
    public void close() {
      consumer.close();
    }
  }

  /** Every record of a topic, a partition's in order. */
  List<RawRecord> read(String topic) {
    InMemoryRegistryClient schemas = new InMemoryRegistryClient();
    schemas.register("any", RawRecords.SCHEMA_JSON);
    RawRecordDecoder decoder = new RawRecordDecoder(new ConfluentWireFormat(schemas));
    List<RawRecord> records = new ArrayList<>();
    forEach(topic, record -> records.add(decoder.decode(record.value()).record()));
    return records;
  }

  /** Every record of a topic as it is on the wire. */
  void forEach(String topic, Consumer<ConsumerRecord<byte[], byte[]>> action) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      List<TopicPartition> partitions = partitions(topic);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        consumer.poll(Duration.ofMillis(200)).forEach(action);
      }
    }
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", broker.bootstrapServers());
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private static List<TopicPartition> partitions(String topic) {
    List<TopicPartition> partitions = new ArrayList<>();
    for (int i = 0; i < PARTITIONS; i++) {
      partitions.add(new TopicPartition(topic, i));
    }
    return partitions;
  }

  @Override
  public void close() {
    registry.stop(0);
    broker.close();
  }
}
