package ai.finks.lineage.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ai.finks.lineage.Metadata;
import ai.finks.schemas.lineage.LineageEvents;
import ai.finks.schemas.lineage.TableMetadataReader;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** The feed of a store goes on, whatever broker and store do meanwhile. */
class StoreFeedTest {
  private static final TopicPartition PARTITION = new TopicPartition(LineageEvents.TOPIC, 0);

  private final Table table = new Table();
  private final List<MockConsumer<byte[], byte[]>> consumers = new CopyOnWriteArrayList<>();
  private final AtomicBoolean committed = new AtomicBoolean();
  private byte[] event = {};

  /** A table that fails, and that leaves items unprocessed, as often as it is told to. */
  private static final class Table implements DynamoDbClient {
    private final List<WriteRequest> written = new CopyOnWriteArrayList<>();
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicInteger busy = new AtomicInteger();

    @Override
    public BatchWriteItemResponse batchWriteItem(BatchWriteItemRequest request) {
      if (failures.getAndDecrement() > 0) {
        throw ProvisionedThroughputExceededException.builder().message("too fast").build();
      }
      if (busy.getAndDecrement() > 0) {
        return BatchWriteItemResponse.builder().unprocessedItems(request.requestItems()).build();
      }
      request.requestItems().values().forEach(written::addAll);
      return BatchWriteItemResponse.builder().unprocessedItems(Map.of()).build();
    }

    @Override
    public String serviceName() {
      return "dynamodb";
    }

    @Override
    public void close() {}
  }

  @BeforeEach
  void event() throws Exception {
    byte[] metadata = new Metadata("x").commit(1, Map.of("run-a", 10L), 10).bytes();
    event =
        new LineageEvents()
            .committed(
                TableMetadataReader.commits(
                        "silver.bars_versions", new ObjectMapper().readTree(metadata))
                    .get(0));
  }

  @Test
  void storeAndBrokerThatFailAreTriedAgainFromTheCommittedOffsets() throws Exception {
    table.failures.set(2);
    StoreFeed feed =
        new StoreFeed(this::consumer, LineageEvents.TOPIC, new LineageStore(table, "lineage"));
    Thread thread = new Thread(feed);
    thread.start();

    await().until(committed::get);
    feed.close();
    thread.join();

    assertThat(sortKeys()).last().isEqualTo("COMMIT");
    assertThat(consumers).hasSize(4).allMatch(MockConsumer::closed);
  }

  @Test
  void itemsThatABusyTableLeftAreSentAgainWithPausesAndNotForEver() {
    table.busy.set(3);
    long started = System.nanoTime();
    new LineageStore(table, "lineage").take(event);
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isGreaterThan(Duration.ofMillis(200));
    assertThat(table.written).isNotEmpty();

    table.busy.set(Integer.MAX_VALUE);
    LineageStore impatient = new LineageStore(table, "lineage", Duration.ofMillis(200));
    assertThatThrownBy(() -> impatient.take(event)).hasMessageContaining("too busy");
  }

  private List<String> sortKeys() {
    return table.written.stream()
        .map(request -> request.putRequest().item().get("sk").s())
        .toList();
  }

  /** One that has the event; the third one fails itself. */
  private Consumer<byte[], byte[]> consumer() {
    MockConsumer<byte[], byte[]> consumer =
        new MockConsumer<>(OffsetResetStrategy.EARLIEST) {
          @Override
          public synchronized void commitSync() {
            super.commitSync();
            committed.set(true);
          }
        };
    consumers.add(consumer);
    boolean fails = consumers.size() == 3;
    consumer.schedulePollTask(
        () -> {
          consumer.rebalance(List.of(PARTITION));
          consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
          if (fails) {
            consumer.setPollException(new KafkaException("a broker that is gone"));
          } else {
            consumer.addRecord(new ConsumerRecord<>(LineageEvents.TOPIC, 0, 0, new byte[0], event));
          }
        });
    return consumer;
  }
}
