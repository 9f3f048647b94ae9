package ai.finks.flink.silver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import ai.finks.broker.EmbeddedBroker;
import ai.finks.flink.silver.io.Pipeline;
import ai.finks.flink.silver.io.PipelineTable;
import ai.finks.flink.stream.AcceptedGaps;
import ai.finks.flink.stream.RawStream;
import ai.finks.flink.stream.StreamLog;
import ai.finks.flink.table.FaultyCatalog;
import ai.finks.flink.table.FaultyCatalog.Fault;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.Ownership;
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
import org.apache.flink.api.common.JobStatus;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills, restarts and faults of a pipeline: nothing lost, nothing twice, all accounted for. */
class PipelineFaultsTest {
  private static final String ENTITY = "tiny";
  private static final int PARTITIONS = 4;

  @TempDir static Path brokerFolder;
  @TempDir static Path checkpoints;
  private static EmbeddedBroker broker;
  private static MiniFlink flink;

  @TempDir Path home;
  private Lake lake;
  private String topic;
  private Random random;
  private MiniFlink.@Nullable Job job;
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
    lake = new Lake(home, ENTITY);
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

  @Test
  void everyRecordIsAccountedForOnce() throws Exception {
    send(4000);

    job = submit(lake.submission(sources()), 0, null);

    awaitAllRead();
    assertTablesAreExact();
  }

  @Test
  void killedJobWithoutStateContinuesFromTheTables() throws Exception {
    for (int round = 0; round < 5; round++) {
      send(1500);
      job = submit(lake.submission(sources()), 0, null);
      awaitProgress(random.nextInt(1500));
      job.kill();
    }

    job = submit(lake.submission(sources()), 0, null);

    awaitAllRead();
    assertTablesAreExact();
  }

  @Test
  void failoverWithStateSettlesWhatWasNotCommitted() throws Exception {
    send(2000);
    job = submit(lake.submission(sources()), 10, null);
    awaitAllRead();

    for (PipelineTable table : PipelineTable.values()) {
      FaultyCatalog.inject(table.identifier(ENTITY), Fault.LOST_ONCE);
      send(500);
      awaitAllRead();
      FaultyCatalog.inject(table.identifier(ENTITY), Fault.ANSWER_LOST_ONCE);
      send(500);
      awaitAllRead();
    }

    assertTablesAreExact();
    assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
  }

  @Test
  void tablesAtDifferentOffsetsMeetAgainAfterARestartWithoutState() throws Exception {
    for (PipelineTable table : PipelineTable.values()) {
      Pipeline submission = lake.submission(sources());
      job = submit(submission, 0, null);
      Awaitility.await()
          .atMost(MiniFlink.PATIENCE)
          .until(() -> lake.writerOf(PipelineTable.SILVER).equals(submission.writerId()));
      FaultyCatalog.inject(table.identifier(ENTITY), Fault.UNREACHABLE);
      send(1000);
      job.awaitFailure();
      FaultyCatalog.healAll();
    }
    assertThat(lake.total(PipelineTable.QUARANTINE))
        .isGreaterThan(lake.total(PipelineTable.SILVER));

    job = submit(lake.submission(sources()), 0, null);

    awaitAllRead();
    assertTablesAreExact();
  }

  @Test
  void olderSavepointDoublesNothing() throws Exception {
    send(1000);
    job = submit(lake.submission(sources()), 0, null);
    awaitAllRead();
    send(500);
    String savepoint = job.savepoint(home.resolve("savepoints"));
    send(1500);
    awaitAllRead();
    job.kill();
    send(500);

    job = submit(lake.submission(sources()), 0, savepoint);

    awaitAllRead();
    send(500);
    awaitAllRead();
    assertTablesAreExact();
  }

  @Test
  void savepointOfOneParallelismContinuesWithAnother() throws Exception {
    send(1000);
    job = submit(lake.submission(sources()), 0, null, 2);
    awaitAllRead();
    for (int parallelism : new int[] {1, 4}) {
      send(300);
      String savepoint = job.savepoint(home.resolve("savepoints"));
      job.kill();
      send(300);

      job = submit(lake.submission(sources()), 0, savepoint, parallelism);
      awaitAllRead();
    }

    assertTablesAreExact();
  }

  @Test
  void newcomerYieldsUnlessItTakesOver() throws Exception {
    send(1000);
    job = submit(lake.submission(sources()), 0, null);
    awaitAllRead();

    MiniFlink.Job newcomer = submit(lake.yieldingSubmission(sources()), 3, null);

    assertThat(newcomer.awaitFailure()).contains("take-over=true");
    assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
  }

  @Test
  void zombieIsFencedAfterATakeOverAndDoesNotRestart() throws Exception {
    send(1000);
    MiniFlink.Job zombie = submit(lake.submission(sources()), 100, null);
    awaitAllRead();

    job = submit(lake.submission(sources()), 0, null);
    awaitEndWhileSending(zombie);

    assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
    send(500);
    awaitAllRead();
    assertTablesAreExact();
  }

  @Test
  void expiredOffsetsStopTheJobAndNameTheGap() throws Exception {
    send(1000);
    job = submit(lake.submission(sources()), 0, null);
    awaitAllRead();
    job.kill();
    long recorded = lake.offsets(PipelineTable.SILVER).get(1);
    send(1000);
    expire(1, recorded + 20);

    job = submit(lake.submission(sources()), 100, null);

    assertThat(job.awaitFailure())
        .contains("Topic " + topic + " partition 1: offsets " + recorded + " to")
        .contains("Bronze");
    assertThat(lake.offsets(PipelineTable.SILVER)).containsEntry(1, recorded);
  }

  @Test
  void expiredOffsetsStopAJobThatIsRestoredFromState() throws Exception {
    send(1000);
    job = submit(lake.submission(sources()), 0, null);
    awaitAllRead();
    String savepoint = job.savepoint(home.resolve("savepoints"));
    job.kill();
    send(400);
    expire(2, lake.offsets(PipelineTable.SILVER).get(2) + 5);

    job = submit(lake.submission(sources()), 100, savepoint);

    assertThat(job.awaitFailure()).contains("Topic " + topic + " partition 2: offsets");
  }

  @Test
  void stateOfADeletedTopicIsRefused() throws Exception {
    send(100);
    job = submit(lake.submission(sources()), 0, null);
    awaitAllRead();
    String savepoint = job.savepoint(home.resolve("savepoints"));
    job.kill();
    recreateTopic();
    send(200);

    job = submit(lake.submission(sources()), 100, savepoint);

    assertThat(job.awaitFailure()).contains("was recreated").contains("without state");
  }

  @Test
  void recreatedTopicIsANewStreamFromItsBeginning() throws Exception {
    send(1000);
    job = submit(lake.submission(sources()), 0, null);
    awaitAllRead();
    job.kill();
    recreateTopic();
    long before = lake.accounting().get("read");
    send(300);

    job = submit(lake.submission(sources()), 0, null);

    Awaitility.await()
        .atMost(MiniFlink.PATIENCE)
        .until(() -> lake.accounting().get("read") == before + 300);
  }

  @Test
  void idleJobShowsThatItLivesSoThatANewcomerYields() throws Exception {
    send(100);
    Pipeline first = lake.submission(sources());
    job = submit(first, 0, null);
    awaitAllRead();
    Map<String, Long> before = lake.accounting();
    long started = System.currentTimeMillis();
    Awaitility.await()
        .atMost(MiniFlink.PATIENCE)
        .until(
            () ->
                Ownership.lastSeenMillis(lake.table(PipelineTable.SILVER), first.job()) > started);

    MiniFlink.Job newcomer = submit(lake.yieldingSubmission(sources()), 3, null);

    assertThat(newcomer.awaitFailure()).contains(first.writerId()).contains("take-over=true");
    assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
    assertThat(lake.accounting()).isEqualTo(before);
    assertTablesAreExact();
  }

  @Test
  void idleZombieLearnsOfTheTakeOver() throws Exception {
    send(100);
    MiniFlink.Job zombie = submit(lake.submission(sources()), 100, null);
    job = zombie;
    awaitAllRead();

    job = submit(lake.submission(sources()), 0, null);

    assertThat(zombie.awaitFailure()).contains("has taken over");
    send(300);
    awaitAllRead();
    assertTablesAreExact();
  }

  @Test
  void newPipelineOnAnOldTopicStartsOnceTheGapIsAccepted() throws Exception {
    send(1000);
    expire(0, 30);
    expire(3, 40);
    job = submit(lake.submission(sources()), 100, null);
    String gaps = topic + ":0:0-29," + topic + ":3:0-39";
    assertThat(job.awaitFailure()).contains("accept-gap=" + gaps);

    AcceptedGaps accepted = AcceptedGaps.parse(List.of(gaps.split(",")));
    job = submit(lake.submission(sources()).accepting(accepted), 0, null);
    awaitAllRead();

    assertThat(lake.accounting()).containsEntry("read", 1000L - 30 - 40);
    assertThat(lake.rows(PipelineTable.ACCOUNTING))
        .filteredOn(row -> "gap".equals(row.getField("kind")))
        .extracting(row -> row.getField("partition"), row -> row.getField("range_end"))
        .containsExactlyInAnyOrder(tuple(0, 30L), tuple(3, 40L));
  }

  @Test
  void topicThatIsRecreatedWhileTheJobRunsStopsIt() throws Exception {
    send(1000);
    job = submit(lake.submission(sources()), 100, null);
    awaitAllRead();
    Map<String, Long> before = lake.accounting();

    recreateTopic();
    send(3000);

    assertThat(job.awaitFailure()).contains("was recreated").contains("without state");
    assertThat(lake.accounting()).isEqualTo(before);
  }

  private Map<String, String> sources() {
    return Map.of(topic, "src");
  }

  private Properties client() {
    Properties properties = new Properties();
    properties.setProperty("bootstrap.servers", broker.bootstrapServers());
    return properties;
  }

  private MiniFlink.Job submit(Pipeline pipeline, int restarts, @Nullable String savepoint)
      throws Exception {
    return submit(pipeline, restarts, savepoint, 2);
  }

  private MiniFlink.Job submit(
      Pipeline pipeline, int restarts, @Nullable String savepoint, int parallelism)
      throws Exception {
    StreamExecutionEnvironment env = MiniFlink.environment(restarts, checkpoints);
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
  private void send(int count) {
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

  private void recreateTopic() throws Exception {
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

  private void expire(int partition, long before) throws Exception {
    broker
        .admin()
        .deleteRecords(
            Map.of(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(before)))
        .all()
        .get(MiniFlink.PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private void awaitAllRead() {
    Awaitility.await()
        .atMost(MiniFlink.PATIENCE)
        .pollInterval(Duration.ofMillis(30))
        .failFast("the job ended", this::isEnded)
        .until(() -> isAllRead());
  }

  private boolean isEnded() {
    return job != null && job.status().isGloballyTerminalState();
  }

  private boolean isAllRead() {
    Map<Integer, Long> offsets = lake.offsets(PipelineTable.SILVER);
    for (int p = 0; p < PARTITIONS; p++) {
      if (offsets.getOrDefault(p, 0L) < sent[p]) {
        return false;
      }
    }
    return true;
  }

  private void awaitProgress(long records) {
    Awaitility.await()
        .atMost(MiniFlink.PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> isAllRead() || lake.total(PipelineTable.SILVER) >= records);
  }

  private void awaitEndWhileSending(MiniFlink.Job zombie) {
    Awaitility.await()
        .atMost(MiniFlink.PATIENCE)
        .until(
            () -> {
              send(20);
              return zombie.status().isGloballyTerminalState();
            });
  }

  private void assertTablesAreExact() {
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

  private Map<Integer, Long> sentByPartition() {
    Map<Integer, Long> offsets = new HashMap<>();
    for (int p = 0; p < PARTITIONS; p++) {
      offsets.put(p, sent[p]);
    }
    return offsets;
  }

  private Map<Long, Long> newestContentsSent() {
    Map<Long, Long> contents = new HashMap<>();
    newest.forEach((key, value) -> contents.put(key, value[1]));
    return contents;
  }

  private static Map<Long, Long> newestContents(List<Record> rows) {
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
