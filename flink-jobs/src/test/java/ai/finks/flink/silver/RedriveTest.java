package ai.finks.flink.silver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import ai.finks.broker.BrokerConfig;
import ai.finks.broker.EmbeddedBroker;
import ai.finks.flink.silver.core.RefusalReason;
import ai.finks.flink.silver.io.EntitySchemas;
import ai.finks.flink.silver.io.PipelineTable;
import ai.finks.flink.silver.keys.KeyDirectory;
import ai.finks.flink.silver.redrive.Redrive;
import ai.finks.flink.silver.redrive.RedriveOrder;
import ai.finks.flink.silver.redrive.RedrivePlatform;
import ai.finks.flink.silver.redrive.RedriveResult;
import ai.finks.flink.silver.redrive.RedriveState;
import ai.finks.flink.silver.redrive.RefusedFilter;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.TestCatalog;
import ai.finks.schemas.SchemaCatalog;
import ai.finks.schemas.Topics;
import ai.finks.schemas.raw.RawRecord;
import ai.finks.schemas.raw.RawRecordEncoder;
import ai.finks.schemas.raw.RawRecords;
import ai.finks.schemas.registry.RegistryUnavailableException;
import ai.finks.schemas.wire.ConfluentWireFormat;
import ai.finks.schemas.wire.WireFormat;
import ai.finks.schemas.wire.WireFormats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.iceberg.data.Record;
import org.apache.kafka.clients.admin.OffsetSpec;
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

/** Records that a too strict contract refused, and what becomes of them once it is mended. */
class RedriveTest {
  private static final Path SHIPPED = Path.of("..", "schemas");
  private static final String TOPIC = Topics.raw("fmp", "bars");
  private static final String PACKS = Topics.raw("pack", "bars");
  private static final List<String> TOPICS = List.of(TOPIC, PACKS, Topics.raw("files", "bars"));
  private static final int PARTITION = 1;
  private static final String TOO_STRICT =
      "{\"name\": \"cheap\", \"check\": \"close <= 100\", \"severity\": \"refuse\"},";

  /** A record per symbol, whose days are rows. */
  private static final String EXPLODED =
      "source: pack\nentity: bars\nformat: json\nraw-key: [/symbol]\nexplode: {pointer: /days}\n"
          + "fields:\n  symbol: {pointer: /symbol}\n  trading_day: {element: /date}\n"
          + "  open: {element: /open}\n  high: {element: /high}\n  low: {element: /low}\n"
          + "  close: {element: /close}\n  volume: {element: /volume}\n"
          + "  currency: {constant: USD}\n";

  @TempDir static Path shared;
  private static EmbeddedBroker broker;
  private static MiniFlink flink;
  private static TestRegistry registry;
  private static KafkaProducer<byte[], byte[]> producer;
  private static Path mended;
  private static Path strict;

  @TempDir Path home;
  private Lake lake;
  private RawRecordEncoder encoder;
  private MiniFlink.@Nullable Job job;
  private long sequence;

  @BeforeAll
  static void start() throws Exception {
    broker = EmbeddedBroker.start(shared.resolve("broker"), BrokerConfig.defaults());
    flink = new MiniFlink();
    registry = new TestRegistry();
    producer = new KafkaProducer<>(kafka(), new ByteArraySerializer(), new ByteArraySerializer());
    mended = schemas("mended", "");
    strict = schemas("strict", TOO_STRICT);
  }

  private static Path schemas(String name, String check) throws IOException {
    Path folder = shared.resolve(name);
    try (Stream<Path> files = Files.walk(SHIPPED)) {
      for (Path file : files.filter(Files::isRegularFile).collect(Collectors.toList())) {
        Path relative = SHIPPED.relativize(file);
        if (relative.startsWith("avro") || relative.startsWith("sources")) {
          Path copy = folder.resolve(relative);
          Files.createDirectories(copy.getParent());
          Files.copy(file, copy);
        }
      }
    }
    Path bars = folder.resolve("avro/bars.avsc");
    Files.writeString(
        bars, Files.readString(bars).replaceFirst("\"checks\": \\[", "\"checks\": [" + check));
    Files.writeString(folder.resolve("sources/pack.bars.yaml"), EXPLODED);
    return folder;
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
    SchemaCatalog schemas = SchemaCatalog.load(mended);
    LakeTables.createMissing(lake.catalog(), lake.root(), schemas.contracts());
    KeyDirectory.createMissing(home.resolve("keys"), schemas.contracts(), entity -> false);
    broker.createTopics(2, TOPICS.toArray(String[]::new));
    encoder = new RawRecordEncoder(ConfluentWireFormat.header(registry.id(RawRecords.SCHEMA_JSON)));
  }

  @AfterEach
  void deleteTopics() throws Exception {
    if (job != null) {
      job.kill();
    }
    lake.close();
    broker.admin().deleteTopics(TOPICS).all().get(MiniFlink.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    Awaitility.await()
        .atMost(MiniFlink.PATIENCE)
        .until(
            () -> broker.admin().listTopics().names().get().stream().noneMatch(TOPICS::contains));
  }

  @Test
  void refusedRecordsLandAfterTheContractWasMendedAndAnotherCallChangesNothing() throws Exception {
    send("run-1", bar("2017-01-03", "116.15"), 1000);
    send("run-1", bar("2017-01-04", "\"no price\""), 2000);
    send("run-2", bar("2017-01-05", "50"), 3000);
    sendWire(new byte[] {9, 9, 9, 9, 9, 9});
    runUntilRead(strict);
    assertThat(lake.rows(PipelineTable.QUARANTINE)).hasSize(3);
    job = submit(mended);

    List<RedriveResult> preview = preview(RefusedFilter.all());
    assertThat(end()).isEqualTo(4);
    List<RedriveResult> first = redrive(RefusedFilter.all());
    long endAfterFirst = end();
    List<RedriveResult> second = redrive(RefusedFilter.all());

    assertThat(preview)
        .extracting(r -> r.refused().offset(), RedriveResult::state)
        .containsExactlyInAnyOrder(
            tuple(0L, RedriveState.READY),
            tuple(1L, RedriveState.STILL_REFUSED),
            tuple(3L, RedriveState.UNDECODABLE));
    assertThat(first)
        .extracting(r -> r.refused().offset(), RedriveResult::state)
        .containsExactlyInAnyOrder(
            tuple(0L, RedriveState.LANDED),
            tuple(1L, RedriveState.STILL_REFUSED),
            tuple(3L, RedriveState.UNDECODABLE));
    assertThat(resultAt(first, 1).reasons())
        .containsExactly("TYPE_MISMATCH field=close shape=string(8)");
    assertThat(resultAt(second, 0)).hasToString(resultAt(first, 0).refused() + " earlier [landed]");
    assertThat(end()).as("nothing is sent twice").isEqualTo(endAfterFirst).isEqualTo(5);
    Record landed = silverRow("2017-01-03");
    assertThat(landed.getField("_run_id")).isEqualTo("run-1");
    assertThat(landed.getField("_partition")).isEqualTo(PARTITION);
    assertThat(landed.getField("_offset")).isEqualTo(4L);
    assertThat(landed.getField("_version")).as("the original's ingest time").isEqualTo(1000L);
    assertThat(lake.rows(PipelineTable.QUARANTINE)).as("never rewritten").hasSize(3);
    assertThat(counts("redriven")).containsEntry("read", 1L).containsEntry("silver", 1L);
    assertThat(counts("live")).containsEntry("read", 4L).containsEntry("quarantine", 3L);
  }

  @Test
  void recordThatWasOvertakenComesInAsTheOlderVersionThatItIs() throws Exception {
    send("run-1", bar("2017-01-03", "50"), 500);
    send("run-1", bar("2017-01-03", "116.15"), 1000);
    send("run-1", bar("2017-01-04", "50"), 500);
    send("run-1", bar("2017-01-04", "116.15"), 1000);
    runUntilRead(strict);
    send("run-2", bar("2017-01-04", "117"), 5000);
    job = submit(mended);
    awaitRead(5);

    List<RedriveResult> results = redrive(RefusedFilter.all().reason(RefusalReason.CHECK_FAILED));

    assertThat(results)
        .extracting(r -> r.refused().offset(), RedriveResult::state)
        .containsExactlyInAnyOrder(
            tuple(1L, RedriveState.LANDED), tuple(3L, RedriveState.DUPLICATE));
    assertThat(newestClose("2017-01-03")).isEqualTo("116.150000");
    assertThat(newestClose("2017-01-04")).as("what came meanwhile").isEqualTo("117.000000");
    assertThat(counts("redriven"))
        .containsEntry("read", 2L)
        .containsEntry("silver", 1L)
        .containsEntry("duplicates_superseded", 1L);
  }

  @Test
  void interruptedCallsAreFinishedByTheNextOneWithoutSendingAgain() throws Exception {
    send("run-1", bar("2017-01-03", "116.15"), 1000);
    send("run-1", bar("2017-01-04", "116.15"), 2000);
    runUntilRead(strict);
    job = submit(mended);
    RefusedFilter one = RefusedFilter.all().at(TOPIC, PARTITION, 0);

    assertThatThrownBy(() -> redrive(one, new Unavailable(), () -> {}))
        .isInstanceOf(RegistryUnavailableException.class);
    assertThat(end()).as("intended, not sent").isEqualTo(2);
    assertThatThrownBy(() -> redrive(one, client(), RedriveTest::die))
        .hasMessage("killed while waiting");
    assertThat(end()).as("sent, not settled").isEqualTo(3);
    List<RedriveResult> results = redrive(RefusedFilter.all());

    assertThat(results)
        .extracting(r -> r.refused().offset(), RedriveResult::state)
        .containsExactlyInAnyOrder(tuple(0L, RedriveState.LANDED), tuple(1L, RedriveState.LANDED));
    assertThat(end()).isEqualTo(4);
    assertThat(lake.rows(PipelineTable.SILVER)).hasSize(2);
    assertThat(counts("redriven")).containsEntry("read", 2L).containsEntry("silver", 2L);
  }

  @Test
  void recordThatTheRunningJobRefusesAgainCanBeRedrivenFromItsNewPlace() throws Exception {
    send("run-1", bar("2017-01-03", "116.15"), 1000);
    job = submit(strict);
    awaitRead(1);

    List<RedriveResult> again = redrive(RefusedFilter.all());
    job.kill();
    job = submit(mended);
    List<RedriveResult> landed = redrive(RefusedFilter.all());

    assertThat(again)
        .extracting(RedriveResult::state, RedriveResult::reasons)
        .containsExactly(tuple(RedriveState.REFUSED_AGAIN, List.of("CHECK_FAILED check=cheap")));
    assertThat(landed)
        .extracting(r -> r.refused().offset(), RedriveResult::state)
        .containsExactlyInAnyOrder(tuple(0L, RedriveState.EARLIER), tuple(1L, RedriveState.LANDED));
    assertThat(redriveLog("settled"))
        .extracting(r -> r.getField("_offset"), r -> r.getField("outcome"))
        .containsExactlyInAnyOrder(tuple(0L, "refused_again"), tuple(1L, "landed"));
    assertThat(counts("redriven"))
        .containsEntry("read", 2L)
        .containsEntry("quarantine", 1L)
        .containsEntry("silver", 1L);
  }

  @Test
  void recordThatExplodesLandsInPartWhileOneOfItsElementsIsRefusedStill() throws Exception {
    String pack =
        "{\"symbol\":\"AAPL\",\"days\":["
            + String.join(
                ",", text("2017-01-03", "50"), text("2017-01-04", "116.15"), text("x", "50"))
            + "]}";
    sendWire(PACKS, encoder.encode(record("pack", "run-1", pack.getBytes(UTF_8), 1000)));
    job = submit(strict);
    awaitRead(1);
    job.kill();
    job = submit(mended);

    List<RedriveResult> first = redrive(RefusedFilter.all());
    List<RedriveResult> second = redrive(RefusedFilter.all());

    assertThat(first)
        .extracting(r -> r.refused().offset(), RedriveResult::state, RedriveResult::reasons)
        .containsExactly(
            tuple(
                0L,
                RedriveState.LANDED_IN_PART,
                List.of("UNPARSEABLE_DATE field=trading_day shape=string(1)")));
    assertThat(second)
        .extracting(r -> r.refused().offset(), RedriveResult::state)
        .containsExactlyInAnyOrder(
            tuple(0L, RedriveState.EARLIER), tuple(1L, RedriveState.STILL_REFUSED));
    assertThat(end(PACKS)).as("nothing is sent twice").isEqualTo(2);
    assertThat(lake.rows(PipelineTable.SILVER))
        .extracting(row -> row.getField("_element"), row -> row.getField("_offset"))
        .containsExactlyInAnyOrder(tuple(0, 0L), tuple(1, 1L));
    assertThat(lake.rows(PipelineTable.QUARANTINE))
        .extracting(row -> row.getField("_element"), row -> row.getField("_offset"))
        .containsExactlyInAnyOrder(tuple(1, 0L), tuple(2, 0L), tuple(2, 1L));
    assertThat(counts("redriven"))
        .containsEntry("read", 1L)
        .containsEntry("exploded", 2L)
        .containsEntry("silver", 1L)
        .containsEntry("duplicates_exact", 1L)
        .containsEntry("quarantine", 1L);
  }

  @Test
  void filtersChooseByRunReasonAndTime() throws Exception {
    send("run-1", bar("2017-01-03", "116.15"), 1_000_000);
    send("run-2", bar("2017-01-04", "116.15"), 2_000_000);
    send("run-2", bar("2017-01-05", "\"no price\""), 3_000_000);
    runUntilRead(strict);

    assertThat(offsets(RefusedFilter.all().run("run-2"))).containsExactlyInAnyOrder(1L, 2L);
    assertThat(offsets(RefusedFilter.all().reason(RefusalReason.CHECK_FAILED)))
        .containsExactlyInAnyOrder(0L, 1L);
    assertThat(
            offsets(
                RefusedFilter.all()
                    .since(Instant.ofEpochSecond(2))
                    .until(Instant.ofEpochSecond(3))))
        .containsExactly(1L);
    assertThat(offsets(RefusedFilter.all().source("files"))).isEmpty();
  }

  private List<Long> offsets(RefusedFilter filter) throws Exception {
    return preview(filter).stream().map(r -> r.refused().offset()).collect(Collectors.toList());
  }

  private static RedriveResult resultAt(List<RedriveResult> results, long offset) {
    return results.stream().filter(r -> r.refused().offset() == offset).findFirst().orElseThrow();
  }

  private List<RedriveResult> preview(RefusedFilter filter) throws Exception {
    try (Redrive redrive = open(client())) {
      return redrive.preview(filter);
    }
  }

  private List<RedriveResult> redrive(RefusedFilter filter) throws Exception {
    return redrive(filter, client(), () -> {});
  }

  private List<RedriveResult> redrive(RefusedFilter filter, WireFormat client, Runnable stillAlive)
      throws Exception {
    try (Redrive redrive = open(client)) {
      return redrive.run(filter, stillAlive);
    }
  }

  private Redrive open(WireFormat client) {
    EntitySchemas schemas = EntitySchemas.of(SchemaCatalog.load(mended), "bars");
    return new Redrive(
        new RedrivePlatform(lake.catalog(), kafka(), client, schemas.sourceOfTopic().keySet()),
        schemas.compile(KeyDirectory.load(home.resolve("keys"))),
        new RedriveOrder("bars", "redrive-1", "tester", "test", MiniFlink.PATIENCE),
        Clock.systemUTC());
  }

  private static WireFormat client() {
    return WireFormats.open(registry.uri());
  }

  private static void die() {
    throw new IllegalStateException("killed while waiting");
  }

  /** A registry that cannot be reached: the call dies between the intention and the sending. */
  private static final class Unavailable implements WireFormat {
    @Override
    public byte[] header(String topic, String schemaJson) {
      throw new RegistryUnavailableException("killed before sending", null);
    }

    @Override
    public int headerLength(byte[] value) {
      throw new RegistryUnavailableException("killed before sending", null);
    }

    @Override
    public Optional<String> schemaOf(byte[] header) {
      throw new RegistryUnavailableException("killed before sending", null);
    }
  }

  private void runUntilRead(Path schemas) throws Exception {
    job = submit(schemas);
    awaitRead(end());
    job.kill();
  }

  private void awaitRead(long offset) {
    Awaitility.await()
        .atMost(MiniFlink.PATIENCE)
        .pollInterval(Duration.ofMillis(30))
        .failFast("the job ended", () -> job != null && job.status().isGloballyTerminalState())
        .until(() -> lake.offsets(PipelineTable.SILVER).getOrDefault(PARTITION, 0L) >= offset);
  }

  private MiniFlink.Job submit(Path schemas) throws Exception {
    StreamExecutionEnvironment env = MiniFlink.environment(0, home.resolve("checkpoints"));
    Map<String, String> keys = TestCatalog.keys(home);
    keys.put("lake.root", lake.root());
    keys.put("kafka.bootstrap-servers", broker.bootstrapServers());
    keys.put("registry.url", registry.uri().toString());
    keys.put("schemas.dir", schemas.toString());
    keys.put("keys.dir", home.resolve("keys").toString());
    keys.put("entities", "bars");
    keys.put("take-over", "true");
    keys.put("typed-topic", "false");
    SilverJob.define(env, SilverConfig.of(keys));
    return flink.submit(env, null);
  }

  private static Properties kafka() {
    Properties properties = new Properties();
    properties.setProperty("bootstrap.servers", broker.bootstrapServers());
    return properties;
  }

  private static byte[] bar(String day, String close) {
    return text(day, close).getBytes(UTF_8);
  }

  private static String text(String day, String close) {
    return "{\"symbol\":\"AAPL\",\"date\":\""
        + day
        + "\",\"open\":115.8,\"high\":1200,\"low\":1.5,\"close\":"
        + close
        + ",\"volume\":28781865}";
  }

  private void send(String runId, byte[] payload, long ingestMicros) throws Exception {
    sendWire(encoder.encode(record("fmp", runId, payload, ingestMicros)));
  }

  private RawRecord record(String source, String runId, byte[] payload, long ingestMicros) {
    return RawRecord.builder()
        .source(source)
        .entity("bars")
        .runId(runId)
        .batchId("batch")
        .sequence(sequence++)
        .ingestTimeMicros(ingestMicros)
        .key("AAPL")
        .contentType("application/json")
        .payload(payload)
        .attributes(Map.of("from", "test"))
        .build();
  }

  private static void sendWire(byte[] value) throws Exception {
    sendWire(TOPIC, value);
  }

  private static void sendWire(String topic, byte[] value) throws Exception {
    producer
        .send(new ProducerRecord<>(topic, PARTITION, "AAPL".getBytes(UTF_8), value))
        .get(MiniFlink.PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private static long end() throws Exception {
    return end(TOPIC);
  }

  private static long end(String topic) throws Exception {
    TopicPartition partition = new TopicPartition(topic, PARTITION);
    return broker
        .admin()
        .listOffsets(Map.of(partition, OffsetSpec.latest()))
        .partitionResult(partition)
        .get(MiniFlink.PATIENCE.toSeconds(), TimeUnit.SECONDS)
        .offset();
  }

  private Record silverRow(String day) {
    return lake.rows(PipelineTable.SILVER).stream()
        .filter(row -> row.getField("trading_day").toString().equals(day))
        .findFirst()
        .orElseThrow();
  }

  private String newestClose(String day) {
    return lake.rows(PipelineTable.SILVER).stream()
        .filter(row -> row.getField("trading_day").toString().equals(day))
        .max((a, b) -> Long.compare((Long) a.getField("_version"), (Long) b.getField("_version")))
        .orElseThrow()
        .getField("close")
        .toString();
  }

  private Map<String, Long> counts(String kind) {
    return lake.accounting(kind);
  }

  private List<Record> redriveLog(String event) {
    return Lake.rows(lake.catalog().load(LakeTables.REDRIVES)).stream()
        .filter(row -> row.getField("event").equals(event))
        .collect(Collectors.toList());
  }
}
