package ai.finks.flink.silver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.broker.EmbeddedBroker;
import ai.finks.flink.silver.io.Pipeline;
import ai.finks.flink.silver.io.PipelineTable;
import ai.finks.flink.stream.RawStream;
import ai.finks.flink.stream.StreamLog;
import ai.finks.flink.table.FaultyCatalog;
import ai.finks.flink.table.LakeTables;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.iceberg.data.Record;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A pipeline on a cluster, a broker and tables of its own, and what is known of what was sent. */
abstract class PipelineBed {
  static final String ENTITY = "tiny";
  static final int PARTITIONS = 4;

  @TempDir static Path brokerFolder;
  @TempDir static Path checkpoints;
  private static EmbeddedBroker broker;
  private static MiniFlink flink;

  @TempDir Path home;
  Lake lake;
  String topic;
  Random random;
  MiniFlink.@Nullable Job job;
  private final long[] sent = new long[PARTITIONS];
  private final Map<Long, long[]> newest = new HashMap<>();

  @BeforeAll
  static void start() throws Exception {
    broker = EmbeddedBroker.start(brokerFolder);
    flink = new MiniFlink();
  }

  @AfterAll
  static void stop() throws Exception {
    flink.close();
    broker.close();
  }

  @BeforeEach
  void createTables() {
    random = new Random(7);
    topic = "src.tiny" + UUID.randomUUID() + ".raw.v1";
    broker.createTopics(PARTITIONS, topic);
    lake = newLake();
    LakeTables.createEntity(
        lake.catalog(), lake.root(), ENTITY, TinyRefiner.FIELDS, List.of("year"));
  }

  @AfterEach
  void close() throws Exception {
    FaultyCatalog.healAll();
    if (job != null) {
      job.kill();
    }
    lake.close();
  }

  /** Where the tables of a test lie. */
  Lake newLake() {
    return new Lake(home, ENTITY);
  }

  Map<String, String> sources() {
    return Map.of(topic, "src");
  }

  Properties client() {
    Properties properties = new Properties();
    properties.setProperty("bootstrap.servers", broker.bootstrapServers());
    return properties;
  }

  MiniFlink.Job submit(Pipeline pipeline, int restarts, @Nullable String savepoint)
      throws Exception {
    return submit(pipeline, restarts, savepoint, 2);
  }

  MiniFlink.Job submit(Pipeline pipeline, int restarts, @Nullable String savepoint, int parallelism)
      throws Exception {
    return submit(pipeline, restarts, savepoint, parallelism, checkpoints);
  }

  MiniFlink.Job submit(
      Pipeline pipeline,
      int restarts,
      @Nullable String savepoint,
      int parallelism,
      Path checkpointFolder)
      throws Exception {
    StreamExecutionEnvironment env = MiniFlink.environment(restarts, checkpointFolder);
    SilverJob.prepare(env, MiniFlink.CHECKPOINT_MILLIS);
    SilverJob.pipeline(
        env,
        RawStream.live(
            pipeline.topics(),
            pipeline.tables(),
            pipeline.catalogLoader(),
            client(),
            pipeline.acceptedGaps()),
        pipeline,
        StreamLog.Connector.kafka(client()),
        TinyRefiner::new,
        parallelism);
    return flink.submit(env, savepoint);
  }

  /** Rows, restatements, duplicates, late ones and refused ones; a key stays in its partition. */
  void send(int count) {
    Properties properties = client();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int i = 0; i < count; i++) {
        long key = random.nextInt(400);
        int partition = (int) (key % PARTITIONS);
        String message = "refuse me";
        if (random.nextInt(10) > 0) {
          long version = random.nextInt(20);
          long content = (key * 31 + version) % 5;
          message = TinyRefiner.message(key, version, content);
          newest.merge(
              key,
              new long[] {version, content},
              (a, b) -> a[0] > b[0] || (a[0] == b[0] && a[1] >= b[1]) ? a : b);
        }
        producer.send(new ProducerRecord<>(topic, partition, null, message.getBytes(UTF_8)));
        sent[partition]++;
      }
      producer.flush();
    }
  }

  void recreateTopic() throws Exception {
    broker
        .admin()
        .deleteTopics(List.of(topic))
        .all()
        .get(MiniFlink.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    Awaitility.await()
        .atMost(MiniFlink.PATIENCE)
        .ignoreExceptions()
        .until(
            () -> {
              broker.createTopics(PARTITIONS, topic);
              return true;
            });
    Arrays.fill(sent, 0);
  }

  void expireAll(int partition) throws Exception {
    expire(partition, sent[partition]);
  }

  void expire(int partition, long before) throws Exception {
    broker
        .admin()
        .deleteRecords(
            Map.of(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(before)))
        .all()
        .get(MiniFlink.PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  void awaitAllRead() {
    Awaitility.await()
        .atMost(MiniFlink.PATIENCE)
        .pollInterval(Duration.ofMillis(30))
        .failFast("the job ended", this::isEnded)
        .until(() -> isAllRead());
  }

  boolean isEnded() {
    return job != null && job.status().isGloballyTerminalState();
  }

  boolean isAllRead() {
    Map<Integer, Long> offsets = lake.offsets(PipelineTable.SILVER);
    for (int p = 0; p < PARTITIONS; p++) {
      if (offsets.getOrDefault(p, 0L) < sent[p]) {
        return false;
      }
    }
    return true;
  }

  void awaitProgress(long records) {
    Awaitility.await()
        .atMost(MiniFlink.PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> isAllRead() || lake.total(PipelineTable.SILVER) >= records);
  }

  void awaitEndWhileSending(MiniFlink.Job zombie) {
    Awaitility.await()
        .atMost(MiniFlink.PATIENCE)
        .until(
            () -> {
              send(20);
              return zombie.status().isGloballyTerminalState();
            });
  }

  void assertTablesAreExact() {
    for (PipelineTable table : PipelineTable.values()) {
      assertThat(lake.offsets(table)).as("offsets of %s", table).isEqualTo(sentByPartition());
    }
    Map<String, Long> accounting = lake.accounting();
    List<Record> silver = lake.rows(PipelineTable.SILVER);
    List<Record> quarantine = lake.rows(PipelineTable.QUARANTINE);
    long read = Arrays.stream(sent).sum();
    assertThat(accounting.get("read")).isEqualTo(read);
    assertThat(accounting.get("silver")).isEqualTo(silver.size());
    assertThat(accounting.get("quarantine")).isEqualTo(quarantine.size());
    assertThat(
            accounting.get("silver")
                + accounting.get("quarantine")
                + accounting.get("duplicates")
                + accounting.get("filtered"))
        .isEqualTo(read + accounting.get("exploded"));
    assertThat(silver.stream().map(r -> r.getField("_partition") + "/" + r.getField("_offset")))
        .doesNotHaveDuplicates();
    assertThat(newestContents(silver)).isEqualTo(newestContentsSent());
  }

  Map<Integer, Long> sentByPartition() {
    Map<Integer, Long> offsets = new HashMap<>();
    for (int p = 0; p < PARTITIONS; p++) {
      offsets.put(p, sent[p]);
    }
    return offsets;
  }

  Map<Long, Long> newestContentsSent() {
    Map<Long, Long> contents = new HashMap<>();
    newest.forEach((key, value) -> contents.put(key, value[1]));
    return contents;
  }

  static Map<Long, Long> newestContents(List<Record> rows) {
    Map<Long, Long> versions = new HashMap<>();
    Map<Long, Long> contents = new HashMap<>();
    for (Record row : rows) {
      long key = (Long) row.getField("key");
      long version = (Long) row.getField("_version");
      if (version >= versions.getOrDefault(key, -1L)) {
        versions.put(key, version);
        contents.put(key, (Long) row.getField("content"));
      }
    }
    return contents;
  }
}
