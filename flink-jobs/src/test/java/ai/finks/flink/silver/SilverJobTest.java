package ai.finks.flink.silver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import ai.finks.broker.BrokerConfig;
import ai.finks.broker.EmbeddedBroker;
import ai.finks.flink.silver.io.PipelineTable;
import ai.finks.flink.silver.keys.KeyDirectory;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.TestCatalog;
import ai.finks.schemas.SchemaCatalog;
import ai.finks.schemas.Topics;
import ai.finks.schemas.raw.RawRecord;
import ai.finks.schemas.raw.RawRecordEncoder;
import ai.finks.schemas.raw.RawRecords;
import ai.finks.schemas.wire.ConfluentWireFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole job on the shipped contracts, from a broker to tables. */
class SilverJobTest {
  private static final Path SCHEMAS = Path.of("..", "schemas");
  private static final String TOPIC = Topics.raw("fmp", "bars");
  private static final int MAX_MESSAGE_BYTES = 16 << 20;
  private static final int TOO_LARGE = 10 << 20;

  @TempDir static Path shared;
  private static EmbeddedBroker broker;
  private static MiniFlink flink;
  private static TestRegistry registry;
  private static KafkaProducer<byte[], byte[]> producer;

  @TempDir Path home;
  private Lake lake;
  private RawRecordEncoder encoder;
  private MiniFlink.@Nullable Job job;
  private long sent;
  private long sequence;

  @BeforeAll
  static void start() throws Exception {
    broker =
        EmbeddedBroker.start(
            shared.resolve("broker"),
            BrokerConfig.defaults()
                .withOverrides(Map.of("message.max.bytes", Integer.toString(MAX_MESSAGE_BYTES))));
    flink = new MiniFlink();
    registry = new TestRegistry();
    Properties properties = new Properties();
    properties.setProperty("bootstrap.servers", broker.bootstrapServers());
    properties.setProperty("max.request.size", Integer.toString(MAX_MESSAGE_BYTES));
    properties.setProperty("buffer.memory", Integer.toString(4 * MAX_MESSAGE_BYTES));
    producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  @AfterAll
  static void stop() throws Exception {
    producer.close();
    registry.close();
    flink.close();
    broker.close();
  }

  @BeforeEach
  void createTablesAndTopics() throws Exception {
    lake = new Lake(home, "bars");
    SchemaCatalog schemas = SchemaCatalog.load(SCHEMAS);
    LakeTables.createMissing(lake.catalog(), lake.root(), schemas.contracts());
    KeyDirectory.createMissing(
        home.resolve("keys"),
        schemas.contracts(),
        entity -> LakeTables.isWritten(lake.catalog(), entity));
    broker.createTopics(2, TOPIC, Topics.raw("files", "bars"), Topics.typed("bars"));
    encoder = new RawRecordEncoder(ConfluentWireFormat.header(registry.id(RawRecords.SCHEMA_JSON)));
  }

  @AfterEach
  void deleteTopics() throws Exception {
    if (job != null) {
      job.kill();
    }
    lake.close();
    List<String> topics = List.of(TOPIC, Topics.raw("files", "bars"), Topics.typed("bars"));
    broker.admin().deleteTopics(topics).all().get(MiniFlink.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    Awaitility.await()
        .atMost(MiniFlink.PATIENCE)
        .until(
            () -> broker.admin().listTopics().names().get().stream().noneMatch(topics::contains));
  }

  @Test
  void rowsLandTypedInTheFoldersOfTheirPeriodWithTheirCoordinates() throws Exception {
    send(bar("AAPL", "2017-01-03", "116.15", 1000));
    send(bar("AAPL", "2017-02-01", "128.75", 1000));
    job = submit(Map.of());
    awaitAllRead();

    List<Record> rows = lake.rows(PipelineTable.SILVER);

    assertThat(rows)
        .extracting(r -> r.getField("symbol"), r -> r.getField("close").toString())
        .containsExactlyInAnyOrder(tuple("AAPL", "116.150000"), tuple("AAPL", "128.750000"));
    assertThat(rows)
        .extracting(r -> r.getField("_source"), r -> r.getField("_topic"))
        .containsOnly(tuple("fmp", TOPIC));
    String run = rows.get(0).getField("_run_id").toString();
    for (PipelineTable table : List.of(PipelineTable.SILVER, PipelineTable.ACCOUNTING)) {
      assertThat(lake.runs(table)).as("runs of the commits to " + table).containsOnlyKeys(run);
      assertThat(lake.runs(table)).containsEntry(run, 2L);
    }
    try (Stream<Path> files = Files.walk(Path.of(lake.root(), "silver", "entity=bars"))) {
      assertThat(files.map(Path::toString).filter(f -> f.endsWith(".parquet")))
          .anyMatch(f -> f.contains("/silver/entity=bars/year=2017/month=01/"))
          .anyMatch(f -> f.contains("/silver/entity=bars/year=2017/month=02/"))
          .noneMatch(f -> f.contains("/data/"));
    }
  }

  @Test
  void barsOfThePastMakeOneFilePerMonthAndCommitHoweverManyWritersThereAre() throws Exception {
    long today = 1_767_225_600_000_000L;
    for (int month = 0; month < 24; month++) {
      String day = String.format("%d-%02d-03", 2016 + month / 12, 1 + month % 12);
      for (int partition = 0; partition < 2; partition++) {
        RawRecord bar = record(bar("P" + partition, day, "116.15", 0), today);
        producer.send(
            new ProducerRecord<>(TOPIC, partition, "P".getBytes(UTF_8), encoder.encode(bar)));
      }
    }
    producer.flush();

    job = submit(Map.of());
    Awaitility.await()
        .atMost(MiniFlink.PATIENCE)
        .until(() -> lake.total(PipelineTable.SILVER) == 48);

    assertThat(lake.rows(PipelineTable.SILVER)).hasSize(48);
    Table silver = lake.table(PipelineTable.SILVER);
    for (Snapshot snapshot : silver.snapshots()) {
      assertThat(snapshot.addedDataFiles(silver.io()))
          .extracting(DataFile::partition)
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void poisonLandsInQuarantineWholeAndNothingStalls() throws Exception {
    byte[] truncated = "{\"symbol\":\"AAPL\",\"date\":\"2017-01-".getBytes(UTF_8);
    byte[] notText = {(byte) 0xff, (byte) 0xfe, '{', '}'};
    byte[] deep = "[".repeat(100_000).getBytes(UTF_8);
    byte[] large = "x".repeat(TOO_LARGE).getBytes(UTF_8);
    byte[] garbage = {9, 9, 9, 9, 9, 9, 9};
    byte[] unknownSchema = ByteBuffer.allocate(9).put((byte) 0).putInt(4711).array();
    send(bar("AAPL", "2017-01-03", "116.15", 1000));
    for (byte[] payload : List.of(truncated, notText, deep, large)) {
      sendWire("AAPL", encoder.encode(record(payload, 1000)));
    }
    sendWire("AAPL", garbage);
    sendWire("AAPL", unknownSchema);
    sendWire("AAPL", null);
    send(bar("AAPL", "2017-01-04", "\"not a price\"", 1000));
    send(bar("AAPL", "2017-01-05", "116.61", 1000));

    job = submit(Map.of());
    awaitAllRead();

    assertThat(lake.rows(PipelineTable.SILVER)).hasSize(2);
    List<Record> refused = lake.rows(PipelineTable.QUARANTINE);
    assertThat(refused)
        .extracting(r -> r.getField("reason"))
        .containsExactlyInAnyOrder(
            "PAYLOAD_MALFORMED",
            "PAYLOAD_NOT_UTF8",
            "PAYLOAD_TOO_DEEP",
            "PAYLOAD_TOO_LARGE",
            "ENVELOPE_UNDECODABLE",
            "ENVELOPE_UNDECODABLE",
            "ENVELOPE_UNDECODABLE",
            "TYPE_MISMATCH");
    assertThat(refused.stream().map(SilverJobTest::payload))
        .contains(truncated, notText, deep, large, garbage, unknownSchema);
    assertBalanced();
  }

  @Test
  void duplicatesAndRestatementsFollowTheVersionRuleAcrossRestartsWithoutState() throws Exception {
    RawRecord first = record(bar("AAPL", "2017-01-03", "116.15", 0), 1000);
    sendWire("AAPL", encoder.encode(first));
    run();
    sendWire("AAPL", encoder.encode(first));
    run();
    send(bar("AAPL", "2017-01-03", "116.15", 5000), 5000);
    run();
    send(bar("AAPL", "2017-01-03", "999.00", 3000), 3000);
    run();
    send(bar("AAPL", "2017-01-03", "117.00", 6000), 6000);
    run();

    assertThat(lake.rows(PipelineTable.SILVER))
        .extracting(r -> r.getField("close").toString())
        .containsExactlyInAnyOrder("116.150000", "117.000000");
    assertThat(lake.rows(PipelineTable.MARKS))
        .as("the resend at 5000 advances the version, so that 3000 comes too late")
        .hasSize(1);
    assertThat(lake.accounting()).containsEntry("duplicates", 3L);
    assertBalanced();
  }

  /**
   * Restatements, redelivery and disorder; between the parts the job goes on with other subtasks.
   */
  @Test
  void verdictsStayTheSameThroughRescalingAndRestarts() throws Exception {
    Random random = new Random(5);
    List<RawRecord> history = new ArrayList<>();
    Map<String, RawRecord> newest = new TreeMap<>();
    List<String> kept = new ArrayList<>();
    String savepoint = null;
    for (String parallelism : List.of("1", "2", "3", "2")) {
      for (int i = 0; i < 60; i++) {
        RawRecord record = restated(random, history);
        history.add(record);
        String key = record.key() + day(record);
        RawRecord known = newest.get(key);
        if (known == null || record.ingestTimeMicros() > known.ingestTimeMicros()) {
          newest.put(key, record);
          if (known == null || !Arrays.equals(known.payload(), record.payload())) {
            kept.add(key + "@" + record.ingestTimeMicros());
          }
        }
        sendTo(key.hashCode() & 1, record);
      }
      job = submit(Map.of("parallelism", parallelism), savepoint);
      awaitAllRead(history.size());
      // The last start is one without state.
      savepoint = parallelism.equals("3") ? null : job.savepoint(home.resolve("savepoints"));
      job.kill();
    }

    assertThat(lake.rows(PipelineTable.SILVER))
        .extracting(r -> r.getField("symbol") + day(r) + "@" + ingestMicros(r))
        .containsExactlyInAnyOrderElementsOf(kept);
    sent = history.size();
    assertBalanced();
  }

  private static String day(RawRecord record) {
    return new String(record.payload(), UTF_8).replaceAll(".*date\":\"([0-9-]+).*", "$1");
  }

  private static String day(Record row) {
    return String.valueOf(row.getField("trading_day"));
  }

  private static long ingestMicros(Record row) {
    OffsetDateTime time = (OffsetDateTime) row.getField("_ingest_time");
    return time.toEpochSecond() * 1_000_000 + time.getNano() / 1000;
  }

  /** A record that was sent before, or a newer or older word on one of a few bars. */
  private RawRecord restated(Random random, List<RawRecord> history) {
    if (!history.isEmpty() && random.nextInt(3) == 0) {
      return history.get(random.nextInt(history.size()));
    }
    String symbol = "S" + random.nextInt(4);
    byte[] payload =
        bar(symbol, "2017-01-0" + (3 + random.nextInt(3)), (100 + random.nextInt(3)) + ".5", 0);
    return RawRecord.builder()
        .source("fmp")
        .entity("bars")
        .runId("run")
        .batchId("batch")
        .sequence(history.size())
        .ingestTimeMicros(1000L * (history.size() + random.nextInt(40)) + history.size())
        .key(symbol)
        .contentType("application/json")
        .payload(payload)
        .attributes(Map.of())
        .build();
  }

  private void sendTo(int partition, RawRecord record) {
    producer.send(
        new ProducerRecord<>(
            TOPIC, partition, record.key().getBytes(UTF_8), encoder.encode(record)));
    producer.flush();
  }

  @Test
  void recreatedTopicStillKnowsWhatTheOldOneBrought() throws Exception {
    send(bar("AAPL", "2017-01-03", "116.15", 1000));
    run();
    broker
        .admin()
        .deleteTopics(List.of(TOPIC))
        .all()
        .get(MiniFlink.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    Awaitility.await()
        .atMost(MiniFlink.PATIENCE)
        .ignoreExceptions()
        .until(
            () -> {
              broker.createTopics(2, TOPIC);
              return true;
            });
    sent = 0;
    send(bar("AAPL", "2017-01-03", "116.15", 1000));

    job = submit(Map.of());
    Awaitility.await()
        .atMost(MiniFlink.PATIENCE)
        .until(() -> lake.accounting().getOrDefault("read", 0L) == 2);

    assertThat(lake.rows(PipelineTable.SILVER)).hasSize(1);
    assertThat(lake.accounting()).containsEntry("duplicates", 1L);
  }

  @Test
  void keptRowsGoToTheTypedTopicWithCoordinatesAndVersion() throws Exception {
    send(bar("AAPL", "2017-01-03", "116.15", 1000));
    send(bar("AAPL", "2017-01-03", "116.15", 1000));
    send(bar("AAPL", "2017-01-04", "117.25", 1000));
    job = submit(Map.of());
    awaitAllRead();

    List<ConsumerRecord<byte[], byte[]>> typed = typedRecords(2);

    assertThat(typed)
        .extracting(r -> decode(r.value()).get("symbol").toString())
        .containsOnly("AAPL");
    assertThat(typed)
        .extracting(r -> new String(r.headers().lastHeader("finks.offset").value(), UTF_8))
        .doesNotHaveDuplicates();
    assertThat(typed)
        .extracting(r -> new String(r.headers().lastHeader("finks.version").value(), UTF_8))
        .containsOnly("1000");
  }

  /** A producer that lingers holds everything until somebody flushes it. */
  @Test
  void typedTopicIsFlushedAheadOfTheBarrierAndSoNeverBehindSilver() throws Exception {
    job =
        submit(
            Map.of(
                "kafka.property.linger.ms", "600000",
                "kafka.property.delivery.timeout.ms", "1200000"));
    for (int day = 1; day <= 20; day++) {
      send(bar("AAPL", String.format("2017-01-%02d", day), "116.15", 0));
      if (day % 5 == 0) {
        awaitAllRead();
        int rows = lake.rows(PipelineTable.SILVER).size();
        assertThat(typedEnd()).as("rows in Silver: %s", rows).isGreaterThanOrEqualTo(rows);
      }
    }
  }

  private static long typedEnd() throws Exception {
    long end = 0;
    for (int partition = 0; partition < 2; partition++) {
      TopicPartition typed = new TopicPartition(Topics.typed("bars"), partition);
      end +=
          broker
              .admin()
              .listOffsets(Map.of(typed, OffsetSpec.latest()))
              .partitionResult(typed)
              .get(MiniFlink.PATIENCE.toSeconds(), TimeUnit.SECONDS)
              .offset();
    }
    return end;
  }

  @Test
  void unalignedCheckpointsAreRefusedAtStartUp() {
    StreamExecutionEnvironment env = MiniFlink.environment(0, home);
    env.getCheckpointConfig().enableUnalignedCheckpoints();

    assertThatThrownBy(() -> SilverJob.define(env, config(Map.of())))
        .hasMessageContaining("unaligned");
  }

  private void run() throws Exception {
    job = submit(Map.of());
    awaitAllRead();
    job.kill();
  }

  private MiniFlink.Job submit(Map<String, String> more) throws Exception {
    return submit(more, null);
  }

  private MiniFlink.Job submit(Map<String, String> more, @Nullable String savepoint)
      throws Exception {
    StreamExecutionEnvironment env = MiniFlink.environment(0, home.resolve("checkpoints"));
    SilverJob.define(env, config(more));
    return flink.submit(env, savepoint);
  }

  private SilverConfig config(Map<String, String> more) {
    Map<String, String> keys = TestCatalog.keys(home);
    keys.put("lake.root", lake.root());
    keys.put("kafka.bootstrap-servers", broker.bootstrapServers());
    keys.put("registry.url", registry.uri().toString());
    keys.put("schemas.dir", SCHEMAS.toString());
    keys.put("keys.dir", home.resolve("keys").toString());
    keys.put("entities", "bars");
    keys.put("take-over", "true");
    keys.putAll(more);
    return SilverConfig.of(keys);
  }

  private static byte[] bar(String symbol, String day, String close, long ignored) {
    return ("{\"symbol\":\""
            + symbol
            + "\",\"date\":\""
            + day
            + "\",\"open\":115.8,\"high\":1200,\"low\":1.5,\"close\":"
            + close
            + ",\"volume\":28781865}")
        .getBytes(UTF_8);
  }

  private RawRecord record(byte[] payload, long ingestMicros) {
    return RawRecord.builder()
        .source("fmp")
        .entity("bars")
        .runId("run")
        .batchId("batch")
        .sequence(sequence++)
        .ingestTimeMicros(ingestMicros)
        .key("AAPL")
        .contentType("application/json")
        .payload(payload)
        .attributes(Map.of())
        .build();
  }

  private void send(byte[] payload) {
    send(payload, 1000);
  }

  private void send(byte[] payload, long ingestMicros) {
    sendWire("AAPL", encoder.encode(record(payload, ingestMicros)));
  }

  private void sendWire(String key, byte @Nullable [] value) {
    producer.send(new ProducerRecord<>(TOPIC, 1, key.getBytes(UTF_8), value));
    producer.flush();
    sent++;
  }

  private void awaitAllRead() {
    Awaitility.await()
        .atMost(MiniFlink.PATIENCE)
        .pollInterval(Duration.ofMillis(30))
        .failFast("the job ended", () -> job != null && job.status().isGloballyTerminalState())
        .until(() -> lake.offsets(PipelineTable.SILVER).getOrDefault(1, 0L) >= sent);
  }

  /** Waits for records in all partitions. */
  private void awaitAllRead(long records) {
    Awaitility.await()
        .atMost(MiniFlink.PATIENCE)
        .pollInterval(Duration.ofMillis(30))
        .failFast("the job ended", () -> job != null && job.status().isGloballyTerminalState())
        .until(() -> lake.total(PipelineTable.SILVER) >= records);
  }

  private void assertBalanced() {
    Map<String, Long> sums = lake.accounting();
    assertThat(sums.get("read")).isEqualTo(sent);
    assertThat(sums.get("silver")).isEqualTo(lake.rows(PipelineTable.SILVER).size());
    assertThat(sums.get("quarantine")).isEqualTo(lake.rows(PipelineTable.QUARANTINE).size());
    assertThat(sums.get("read") + sums.get("exploded"))
        .isEqualTo(
            sums.get("silver")
                + sums.get("quarantine")
                + sums.get("duplicates")
                + sums.get("filtered"));
  }

  private static byte[] payload(Record row) {
    ByteBuffer payload = ((ByteBuffer) row.getField("payload")).duplicate();
    byte[] bytes = new byte[payload.remaining()];
    payload.get(bytes);
    return bytes;
  }

  private static List<ConsumerRecord<byte[], byte[]>> typedRecords(int count) {
    Properties properties = new Properties();
    properties.setProperty("bootstrap.servers", broker.bootstrapServers());
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          Stream.of(0, 1)
              .map(p -> new TopicPartition(Topics.typed("bars"), p))
              .collect(Collectors.toList());
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Awaitility.await()
          .atMost(MiniFlink.PATIENCE)
          .until(
              () -> {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
                return records.size() >= count;
              });
    }
    return records;
  }

  private static GenericRecord decode(byte[] wire) {
    Schema schema =
        new Schema.Parser().parse(registry.schema(ByteBuffer.wrap(wire, 1, 4).getInt()));
    try {
      return new GenericDatumReader<GenericRecord>(schema)
          .read(null, DecoderFactory.get().binaryDecoder(wire, 5, wire.length - 5, null));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
