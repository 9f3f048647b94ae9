package ai.finks.flink.silver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.finks.broker.BrokerConfig;
import ai.finks.broker.EmbeddedBroker;
import ai.finks.flink.bronze.BronzeConfig;
import ai.finks.flink.bronze.BronzeJob;
import ai.finks.flink.bronze.core.ObjectName;
import ai.finks.flink.history.BronzeOrigin;
import ai.finks.flink.history.HistoryGapException;
import ai.finks.flink.history.HistoryJob;
import ai.finks.flink.history.HistoryOrigin;
import ai.finks.flink.history.HistoryRanges;
import ai.finks.flink.history.StreamOrigin;
import ai.finks.flink.rebuild.LakeRecovery;
import ai.finks.flink.rebuild.RebuildConfig;
import ai.finks.flink.rebuild.RebuildJob;
import ai.finks.flink.rebuild.RebuildResult;
import ai.finks.flink.silver.function.ContractRefinerFactory;
import ai.finks.flink.silver.io.EntitySchemas;
import ai.finks.flink.silver.io.Pipeline;
import ai.finks.flink.silver.io.PipelineTable;
import ai.finks.flink.silver.keys.KeyDirectory;
import ai.finks.flink.stream.AcceptedGaps;
import ai.finks.flink.table.CommitOrigin;
import ai.finks.flink.table.JobStoppedException;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.RecordedOffsets;
import ai.finks.flink.table.StagedTables;
import ai.finks.flink.table.StreamPartition;
import ai.finks.flink.table.TableSchemas;
import ai.finks.flink.table.TableStart;
import ai.finks.flink.table.TestCatalog;
import ai.finks.schemas.SchemaCatalog;
import ai.finks.schemas.Topics;
import ai.finks.schemas.raw.RawRecord;
import ai.finks.schemas.raw.RawRecordEncoder;
import ai.finks.schemas.raw.RawRecords;
import ai.finks.schemas.wire.ConfluentWireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.types.Types;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What both jobs made of a stream, made again from Bronze and from the stream. */
class HistoryJobTest {
  private static final Path SCHEMAS = Path.of("..", "schemas");
  private static final String TOPIC = Topics.raw("fmp", "bars");
  private static final int RECORDS = 400;
  private static final long ELEVEN_O_CLOCK = 1_767_610_800_000_000L;
  private static final long HOUR = 3_600_000_000L;

  /** Says when, not what. */
  private static final Set<String> VARYING =
      Set.of("quarantined_at", "checkpoint_id", "writer_id", "committed_at");

  @TempDir static Path home;
  private static EmbeddedBroker broker;
  private static MiniFlink flink;
  private static TestRegistry registry;
  private static Lake lake;
  private static SchemaCatalog schemas;

  /** Each test stages into tables of its own. */
  private final String run = "t" + UUID.randomUUID().toString().replace("-", "");

  @BeforeAll
  static void letBothJobsReadAStream() throws Exception {
    broker = EmbeddedBroker.start(home.resolve("broker"), BrokerConfig.defaults());
    flink = new MiniFlink();
    registry = new TestRegistry();
    lake = new Lake(home, "bars");
    schemas = SchemaCatalog.load(SCHEMAS);
    LakeTables.createMissing(lake.catalog(), lake.root(), schemas.contracts());
    KeyDirectory.createMissing(home.resolve("keys"), schemas.contracts(), entity -> false);
    broker.createTopics(2, TOPIC, Topics.raw("files", "bars"), Topics.typed("bars"));
    send();
    MiniFlink.Job silver = submitSilver();
    MiniFlink.Job bronze = submitBronze();
    Awaitility.await()
        .atMost(MiniFlink.PATIENCE)
        .pollInterval(Duration.ofMillis(30))
        .until(
            () ->
                lake.total(PipelineTable.SILVER) >= RECORDS
                    && RecordedOffsets.of(lake.catalog().load(LakeTables.BRONZE_FILES))
                            .values()
                            .stream()
                            .mapToLong(Long::longValue)
                            .sum()
                        >= RECORDS);
    silver.kill();
    bronze.kill();
  }

  @AfterAll
  static void stop() throws Exception {
    lake.close();
    registry.close();
    flink.close();
    broker.close();
  }

  @Test
  void bronzeGivesTheVeryRowsThatTheStreamGave() throws Exception {
    Map<PipelineTable, TableIdentifier> staged = stage();

    try (HistoryOrigin bronze = bronze()) {
      HistoryRanges all = bronze.held(List.of(TOPIC));
      assertThat(all.offsets()).isEqualTo(RECORDS);
      replay(bronze, all, staged);
    }

    for (PipelineTable table : PipelineTable.values()) {
      if (table != PipelineTable.ACCOUNTING) {
        assertThat(rows(staged, table)).isEqualTo(texts(lake.rows(table)));
      }
    }
    assertThat(rows(staged, PipelineTable.QUARANTINE)).isNotEmpty();
    assertThat(rows(staged, PipelineTable.MARKS)).isNotEmpty();
    assertThat(RecordedOffsets.of(table(staged, PipelineTable.SILVER)))
        .isEqualTo(RecordedOffsets.of(lake.table(PipelineTable.SILVER)));
    assertThat(sums(lake.rows(PipelineTable.ACCOUNTING)))
        .isEqualTo(sums(Lake.rows(table(staged, PipelineTable.ACCOUNTING))));
    assertThat(foldersOfBars())
        .allMatch(folder -> folder.matches("silver/entity=bars/year=2017/month=\\d\\d"));
  }

  private static List<String> foldersOfBars() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(lake.root(), "silver", "entity=bars"))) {
      return files
          .filter(file -> file.toString().endsWith(".parquet"))
          .map(file -> Path.of(lake.root()).relativize(file.getParent()).toString())
          .distinct()
          .collect(Collectors.toList());
    }
  }

  @Test
  void interruptedRunGoesOnWhereItsTablesStand() throws Exception {
    Map<PipelineTable, TableIdentifier> staged = stage();

    try (HistoryOrigin bronze = bronze()) {
      HistoryRanges all = bronze.held(List.of(TOPIC));
      Map<StreamPartition, Long> middle = new TreeMap<>();
      all.ends().forEach((partition, end) -> middle.put(partition, end / 3));
      replay(bronze, HistoryRanges.between(all.starts(), middle), staged);
      HistoryRanges left = all.from(RecordedOffsets.of(table(staged, PipelineTable.SILVER)));
      assertThat(left.starts()).isEqualTo(middle);
      replay(bronze, left, staged);
    }

    assertThat(rows(staged, PipelineTable.SILVER))
        .isEqualTo(texts(lake.rows(PipelineTable.SILVER)));
    assertThat(rows(staged, PipelineTable.MARKS)).isEqualTo(texts(lake.rows(PipelineTable.MARKS)));
  }

  @Test
  void rangeOfTheStreamIsReadFromItsFirstOffsetToItsLast() throws Exception {
    Map<PipelineTable, TableIdentifier> staged = stage();

    try (HistoryOrigin stream = StreamOrigin.connect(client())) {
      HistoryRanges all = stream.held(List.of(TOPIC, "no.such.raw.v1"));
      Map<StreamPartition, Long> from = new TreeMap<>();
      Map<StreamPartition, Long> to = new TreeMap<>();
      all.ends().forEach((partition, end) -> from.put(partition, end / 4));
      all.ends().forEach((partition, end) -> to.put(partition, end / 2));
      for (TableIdentifier table : staged.values()) {
        TableStart.record(
            lake.catalog().load(table), from, CommitOrigin.live("silver.bars", run, 0));
      }
      replay(stream, HistoryRanges.between(from, to), staged);

      assertThat(RecordedOffsets.of(table(staged, PipelineTable.SILVER))).isEqualTo(to);
      assertThat(sums(Lake.rows(table(staged, PipelineTable.ACCOUNTING))).get("read"))
          .isEqualTo(HistoryRanges.between(from, to).offsets());
      assertThat(Lake.rows(table(staged, PipelineTable.SILVER)))
          .allSatisfy(
              row -> {
                int partition = (Integer) row.getField("_partition");
                long offset = (Long) row.getField("_offset");
                assertThat(offset).isBetween(of(from, partition), of(to, partition) - 1);
              });
    }
  }

  @Test
  void offsetsThatAnOriginDoesNotKeepAreNamedBeforeAnythingRuns() throws Exception {
    try (HistoryOrigin bronze = bronze();
        HistoryOrigin stream = StreamOrigin.connect(client())) {
      HistoryRanges all = bronze.held(List.of(TOPIC));
      Map<StreamPartition, Long> tooFar = new TreeMap<>(all.ends());
      tooFar.replaceAll((partition, end) -> end + 7);
      long end = all.ends().get(all.ends().lastKey());

      for (HistoryOrigin origin : List.of(bronze, stream)) {
        assertThatThrownBy(() -> origin.read(HistoryRanges.between(all.starts(), tooFar)))
            .isInstanceOf(HistoryGapException.class)
            .hasMessageContaining(TOPIC + " partition 1 offsets " + end + " to " + (end + 6));
      }
    }
  }

  @Test
  void rebuildThatFailsChangesNothingAndGoesOnWhenItIsGivenAgain() throws Exception {
    Map<PipelineTable, List<String>> before = rowsOf(lake.catalog());
    Path object = anObject(home);
    Path away = Files.move(object, home.resolve("away"));

    assertThatThrownBy(() -> rebuild(home))
        .hasStackTraceContaining(object.getFileName().toString())
        .hasStackTraceContaining("is not there");
    assertThat(rowsOf(lake.catalog())).isEqualTo(before);
    Files.move(away, object);

    System.setProperty("finks.fault-points", "rebuild.publish.table-done@2:fail");
    try {
      assertThatThrownBy(() -> rebuild(home)).hasMessageContaining("table-done");
    } finally {
      System.clearProperty("finks.fault-points");
    }
    assertThat(rowsOf(lake.catalog())).isEqualTo(before);
    RebuildResult result = rebuild(home).get(0);

    assertThat(result.records()).isEqualTo(RECORDS);
    assertThat(rowsOf(lake.catalog())).isEqualTo(before);
    assertThat(lake.table(PipelineTable.SILVER).currentSnapshot().summary())
        .containsEntry("finks.kind", "rebuild")
        .containsEntry("finks.rebuild-id", result.rebuildId());
    assertThat(lake.catalog().tables(StagedTables.STAGING))
        .noneMatch(table -> table.name().startsWith("rebuild_"));
    assertThat(lake.rows(PipelineTable.ACCOUNTING))
        .as("what --as-of tells rebuilt ranges by")
        .allSatisfy(row -> assertThat((String) row.getField("writer_id")).startsWith("rebuild-"));
    Map<String, Long> sums = lake.accounting();
    assertThat(sums.get("read")).isEqualTo(RECORDS);
    assertThat(sums.get("read") + sums.get("exploded"))
        .isEqualTo(
            sums.get("silver")
                + sums.get("quarantine")
                + sums.get("duplicates")
                + sums.get("filtered"));
  }

  @Test
  void everythingComesBackFromTheObjectsAlone(@TempDir Path other) throws Exception {
    copyObjects(other);
    Path object = anObject(other);
    String name = object.getFileName().toString();
    // As a killed commit leaves it: the same records under an earlier name.
    Files.copy(object, object.resolveSibling("20200101T000000000Z" + name.substring(19)));
    List<String> progress = new ArrayList<>();

    try (LakeCatalog catalog = recovered(other, progress)) {
      assertThat(rebuild(other)).extracting(RebuildResult::records).containsExactly((long) RECORDS);

      assertThat(rowsOf(catalog)).isEqualTo(rowsOf(lake.catalog()));
      assertThat(RecordedOffsets.of(catalog.load(LakeTables.BRONZE_FILES)))
          .isEqualTo(RecordedOffsets.of(lake.catalog().load(LakeTables.BRONZE_FILES)));
    }
    assertThat(progress).anyMatch(line -> line.contains("made again from"));
  }

  @Test
  void objectThatIsLostWithTheLedgerIsAGapAndNamed(@TempDir Path other) throws Exception {
    copyObjects(other);
    Path lost = anObject(other);
    int partition = ObjectName.parse("" + lost.getFileName()).orElseThrow().partition();
    Files.delete(lost);

    assertThatThrownBy(() -> recovered(other, new ArrayList<>()))
        .isInstanceOf(JobStoppedException.class)
        .hasMessageContaining(TOPIC + " partition " + partition + " offsets")
        .hasMessageContaining("are in no object of Bronze")
        .hasMessageContaining("--accept-gap " + TOPIC + ":" + partition + ":");
  }

  private static LakeCatalog recovered(Path folder, List<String> progress) throws IOException {
    LakeCatalog catalog = TestCatalog.create(folder);
    LakeRecovery.prepare(
        catalog,
        folder.resolve("lake").toString(),
        schemas.contracts(),
        AcceptedGaps.none(),
        progress::add);
    return catalog;
  }

  private static List<RebuildResult> rebuild(Path folder) throws Exception {
    Map<String, String> keys = TestCatalog.keys(folder);
    keys.put("lake.root", folder.resolve("lake").toString());
    keys.put("schemas.dir", SCHEMAS.toString());
    keys.put("keys.dir", home.resolve("keys").toString());
    keys.put("entities", "bars");
    keys.put("checkpoint.interval", "200ms");
    keys.put("parallelism", "2");
    return RebuildJob.run(RebuildConfig.of(keys), HistoryJobTest::local, line -> {});
  }

  private static StreamExecutionEnvironment local() {
    Configuration configuration = new Configuration();
    configuration.setString("rest.address", "localhost");
    configuration.setString("rest.bind-address", "localhost");
    configuration.setString("rest.bind-port", "0");
    configuration.setString("restart-strategy.type", "none");
    return StreamExecutionEnvironment.createLocalEnvironment(2, configuration);
  }

  private static void copyObjects(Path other) throws IOException {
    Path lakeRoot = Path.of(lake.root());
    try (Stream<Path> files = Files.walk(lakeRoot.resolve("bronze"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).toList()) {
        if (!file.toString().contains("_ledger")) {
          Path copy = other.resolve("lake").resolve(lakeRoot.relativize(file));
          Files.createDirectories(copy.getParent());
          Files.copy(file, copy);
        }
      }
    }
  }

  private static Path anObject(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("lake/bronze/source=fmp"))) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .sorted()
          .findFirst()
          .orElseThrow();
    }
  }

  private static Map<PipelineTable, List<String>> rowsOf(LakeCatalog catalog) {
    Map<PipelineTable, List<String>> rows = new EnumMap<>(PipelineTable.class);
    for (PipelineTable role : PipelineTable.values()) {
      if (role != PipelineTable.ACCOUNTING) {
        rows.put(role, texts(Lake.rows(catalog.load(role.identifier("bars")))));
      }
    }
    return rows;
  }

  @Test
  void rangeOfIngestTimeIsFoundInBoth() throws Exception {
    Instant noon = Instant.EPOCH.plusMillis((ELEVEN_O_CLOCK + HOUR) / 1000);
    try (HistoryOrigin bronze = bronze();
        HistoryOrigin stream = StreamOrigin.connect(client())) {
      // Every fourth record is of the hour after eleven; one in a hundred is no record at all.
      HistoryRanges found =
          bronze.ofIngestTime(List.of(TOPIC), noon, noon.plus(Duration.ofMinutes(1)));
      assertThat(found.offsets()).isBetween(RECORDS / 2L, RECORDS - 1L);
      assertThat(
              bronze.ofIngestTime(
                  List.of(TOPIC), noon.plus(Duration.ofMinutes(1)), noon.plusSeconds(120)))
          .extracting(HistoryRanges::isEmpty)
          .isEqualTo(true);
      Instant now = Instant.now();
      assertThat(stream.ofIngestTime(List.of(TOPIC), now.minusSeconds(3600), now).offsets())
          .isEqualTo(RECORDS);
      assertThat(stream.ofIngestTime(List.of(TOPIC), noon, noon.plusSeconds(60)).isEmpty())
          .isTrue();
    }
  }

  private static long of(Map<StreamPartition, Long> offsets, int partition) {
    return offsets.entrySet().stream()
        .filter(entry -> entry.getKey().partition() == partition)
        .findFirst()
        .orElseThrow()
        .getValue();
  }

  private static HistoryOrigin bronze() {
    return BronzeOrigin.open(lake.loader(), lake.root());
  }

  private Map<PipelineTable, TableIdentifier> stage() {
    Map<PipelineTable, TableIdentifier> staged = new EnumMap<>(PipelineTable.class);
    for (PipelineTable role : PipelineTable.values()) {
      TableIdentifier identifier =
          StagedTables.identifier(run + "_" + role.name().toLowerCase(Locale.ROOT));
      StagedTables.create(lake.catalog(), lake.table(role), identifier, Map.of());
      staged.put(role, identifier);
    }
    return staged;
  }

  private static void replay(
      HistoryOrigin origin, HistoryRanges ranges, Map<PipelineTable, TableIdentifier> staged)
      throws Exception {
    EntitySchemas bars = EntitySchemas.of(schemas, "bars");
    Pipeline pipeline = lake.submission(bars.sourceOfTopic()).into(staged);
    StreamExecutionEnvironment env = MiniFlink.environment(0, home.resolve("checkpoints"));
    HistoryJob.define(
        env,
        origin.read(ranges),
        pipeline,
        new ContractRefinerFactory(
            pipeline,
            bars,
            origin.kind() == HistoryOrigin.Kind.STREAM ? registry.uri() : null,
            home.resolve("keys")),
        2);
    MiniFlink.Job job = flink.submit(env, null);
    assertThat(job.awaitFailure()).isEmpty();
  }

  private static Table table(Map<PipelineTable, TableIdentifier> staged, PipelineTable role) {
    return lake.catalog().load(staged.get(role));
  }

  private static List<String> rows(Map<PipelineTable, TableIdentifier> staged, PipelineTable role) {
    return texts(Lake.rows(table(staged, role)));
  }

  private static List<String> texts(List<Record> rows) {
    return rows.stream().map(HistoryJobTest::text).sorted().collect(Collectors.toList());
  }

  private static String text(Record row) {
    Map<String, String> fields = new TreeMap<>();
    for (Types.NestedField field : row.struct().fields()) {
      if (!VARYING.contains(field.name())) {
        Object value = row.getField(field.name());
        fields.put(
            field.name(),
            value instanceof ByteBuffer
                ? UTF_8.decode(((ByteBuffer) value).duplicate()).toString()
                : String.valueOf(value));
      }
    }
    return fields.toString();
  }

  private static Map<String, Long> sums(List<Record> accounting) {
    Map<String, Long> sums = new TreeMap<>();
    for (Record row : accounting) {
      for (String count : TableSchemas.ACCOUNTING_COUNTS) {
        sums.merge(count, (Long) row.getField(count), Long::sum);
      }
    }
    return sums;
  }

  private static MiniFlink.Job submitSilver() throws Exception {
    Map<String, String> keys = keys();
    keys.put("schemas.dir", SCHEMAS.toString());
    keys.put("keys.dir", home.resolve("keys").toString());
    keys.put("entities", "bars");
    StreamExecutionEnvironment env = MiniFlink.environment(0, home.resolve("checkpoints"));
    SilverJob.define(env, SilverConfig.of(keys));
    return flink.submit(env, null);
  }

  private static MiniFlink.Job submitBronze() throws Exception {
    Map<String, String> keys = keys();
    keys.put("topics", TOPIC);
    keys.put("object.size", "20kb");
    keys.put("open-objects.size", "40kb");
    StreamExecutionEnvironment env = MiniFlink.environment(0, home.resolve("checkpoints"));
    BronzeJob.define(env, BronzeConfig.of(keys));
    return flink.submit(env, null);
  }

  private static Map<String, String> keys() {
    Map<String, String> keys = TestCatalog.keys(home);
    keys.put("lake.root", lake.root());
    keys.put("kafka.bootstrap-servers", broker.bootstrapServers());
    keys.put("registry.url", registry.uri().toString());
    keys.put("take-over", "true");
    return keys;
  }

  private static Properties client() {
    Properties properties = new Properties();
    properties.setProperty("bootstrap.servers", broker.bootstrapServers());
    return properties;
  }

  /** Restatements, returns to earlier content, redelivery, refusals, and what is no record. */
  private static void send() {
    RawRecordEncoder encoder =
        new RawRecordEncoder(ConfluentWireFormat.header(registry.id(RawRecords.SCHEMA_JSON)));
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(client(), new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int i = 0; i < RECORDS; i++) {
        byte[] value =
            i % 100 == 99 ? ("no record " + i).getBytes(UTF_8) : encoder.encode(record(i));
        byte[] key = ("S" + i % 7).getBytes(UTF_8);
        producer.send(new ProducerRecord<>(TOPIC, i % 7 % 2, key, value));
      }
    }
  }

  private static RawRecord record(int i) {
    String symbol = "S" + i % 7;
    int close = i % 5 == 0 ? 10 : 10 + i / 50;
    String low = i % 31 == 0 ? "5000" : "1.5";
    return RawRecord.builder()
        .source("fmp")
        .entity("bars")
        .runId("run-" + i % 3)
        .batchId("batch-" + i / 10)
        .sequence(i)
        .ingestTimeMicros(ELEVEN_O_CLOCK + (i % 4 == 0 ? HOUR : 0) + i / 2)
        .key(symbol)
        .contentType("application/json")
        .payload(
            String.format(
                    "{\"symbol\":\"%s\",\"date\":\"2017-%02d-03\",\"open\":5,\"high\":1200,"
                        + "\"low\":%s,\"close\":%d,\"volume\":7}",
                    symbol, 1 + i / 7 % 12, low, close)
                .getBytes(UTF_8))
        .attributes(Map.of("n", Integer.toString(i)))
        .build();
  }
}
