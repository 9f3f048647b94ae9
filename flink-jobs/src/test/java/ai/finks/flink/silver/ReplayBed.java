package ai.finks.flink.silver;

import ai.finks.flink.replay.Replay;
import ai.finks.flink.replay.ReplayResult;
import ai.finks.flink.replay.core.ContractChoice;
import ai.finks.flink.replay.core.ReplayPlan;
import ai.finks.flink.replay.core.ReplayRange;
import ai.finks.flink.replay.io.ReplayMemory;
import ai.finks.flink.replay.io.ReplayTables;
import ai.finks.flink.seal.Seal;
import ai.finks.flink.seal.SealOptions;
import ai.finks.flink.seal.SealedPeriods;
import ai.finks.flink.seal.SortMemory;
import ai.finks.flink.seal.StoredRows;
import ai.finks.flink.silver.core.RecordCoordinate;
import ai.finks.flink.silver.function.RecordRefiner;
import ai.finks.flink.silver.hash.TableHash;
import ai.finks.flink.silver.io.PartitionedFiles;
import ai.finks.flink.silver.io.Pipeline;
import ai.finks.flink.stream.RawMessage;
import ai.finks.flink.stream.RawStream;
import ai.finks.flink.stream.SplitOwner;
import ai.finks.flink.table.Counts;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.MemoryTables;
import ai.finks.flink.table.OffsetRange;
import ai.finks.flink.table.RecordedOffsets;
import ai.finks.flink.table.StreamPartition;
import ai.finks.flink.table.TablePeriod;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.flink.FlinkSchemaUtil;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A live job over tables in memory, beside which periods are sealed, harmed and replayed. Every
 * operator is the job's own; the test hands it messages and says when a checkpoint is taken.
 */
final class ReplayBed implements AutoCloseable {
  static final String TOPIC = "desk.trades.raw.v1";
  static final String STREAM_ID = "stream";
  private static final int PARALLELISM = 2;

  final HistoryLog log;
  private final Random random;
  private final Path scratch;
  private final MemoryTables lake = new MemoryTables();
  private final Map<Integer, Long> positions = new HashMap<>();
  private Pipeline submission;
  private HarnessJob job;
  private long checkpointId;
  private int seals;

  /** Happens once, between what is staged and what is published. */
  private @Nullable Runnable meanwhile;

  /** After so many messages the staging job dies. */
  private int dieAfter = Integer.MAX_VALUE;

  ReplayBed(Random random, Path scratch) throws Exception {
    this.random = random;
    this.scratch = scratch;
    this.log = new HistoryLog(random, 1 + random.nextInt(3));
    LakeTables.createMissing(lake.catalog(), "lake", List.of(HistoryRecords.contract()));
    submission = submit();
    job = job(submission, HistoryRecords::refiner, PARALLELISM);
  }

  MemoryTables lake() {
    return lake;
  }

  Table silver() {
    return lake.catalog().load(LakeTables.silver(HistoryRecords.ENTITY));
  }

  /** The live job reads all that was sent and commits it. */
  void commitAll() throws Exception {
    for (int p = 0; p < log.partitionCount(); p++) {
      for (long at = positions.getOrDefault(p, 0L); at < log.partition(p).size(); at++) {
        process(job, p, at);
        positions.put(p, at + 1);
      }
    }
    job.checkpoint(++checkpointId);
    job.complete(checkpointId);
  }

  /** Another submission takes over; it knows what the tables say. */
  void restartLive() throws Exception {
    job.close();
    submission = submit();
    job = job(submission, HistoryRecords::refiner, PARALLELISM);
    positions.clear();
    RecordedOffsets.of(silver()).forEach((p, offset) -> positions.put(p.partition(), offset));
  }

  private void process(HarnessJob reader, int partition, long offset) throws Exception {
    byte[] wire = log.partition(partition).get((int) offset).wire;
    reader.process(
        SplitOwner.of(new TopicPartition(TOPIC, partition), reader.parallelism()),
        new RawMessage(TOPIC, partition, offset, wire));
  }

  void seal(@Nullable String period) {
    new Seal(
            silver(),
            HistoryRecords.contract(),
            SealOptions.of(scratch).withThreads(1).withMemory(1 << 20),
            "seal-" + ++seals)
        .run(
            Instant.parse("2030-01-01T00:00:00Z"),
            period == null ? null : TablePeriod.parse(period),
            done -> {});
  }

  SortedSet<String> sealed() {
    SortedSet<String> sealed = new TreeSet<>();
    SealedPeriods.of(silver()).sealed().forEach(period -> sealed.add(period.toString()));
    return sealed;
  }

  /**
   * Rewrites a period, sealed or not, with whatever a change makes of its rows; null takes one
   * away. A sealed period stays sealed.
   */
  void harm(String period, UnaryOperator<@Nullable GenericRowData> change) throws IOException {
    Table table = silver();
    boolean wasSealed = sealed().contains(period);
    List<DataFile> files = SealedPeriods.of(table).files(TablePeriod.parse(period));
    OverwriteFiles overwrite = table.newOverwrite();
    files.forEach(overwrite::deleteFile);
    try (PartitionedFiles written =
        new PartitionedFiles(table, 0, 0, PartitionedFiles.MAX_OPEN_BYTES)) {
      for (GenericRowData row : rows(table, files)) {
        GenericRowData changed = change.apply(row);
        if (changed != null) {
          written.write(changed);
        }
      }
      written.complete().forEach(overwrite::addFile);
    }
    overwrite.commit();
    if (wasSealed) {
      seal(period);
    }
  }

  /** Adds rows to a period as another source would have. */
  void append(String period, UnaryOperator<@Nullable GenericRowData> change) throws IOException {
    Table table = silver();
    List<DataFile> files = SealedPeriods.of(table).files(TablePeriod.parse(period));
    var append = table.newAppend();
    try (PartitionedFiles written =
        new PartitionedFiles(table, 0, 0, PartitionedFiles.MAX_OPEN_BYTES)) {
      for (GenericRowData row : rows(table, files)) {
        GenericRowData changed = change.apply(row);
        if (changed != null) {
          written.write(changed);
        }
      }
      written.complete().forEach(append::appendFile);
    }
    append.commit();
  }

  private static List<GenericRowData> rows(Table table, List<DataFile> files) throws IOException {
    Schema schema = table.schema();
    var type = FlinkSchemaUtil.convert(schema);
    List<GenericRowData> copies = new ArrayList<>();
    try (CloseableIterable<RowData> rows = StoredRows.read(table, files, schema)) {
      for (RowData row : rows) {
        GenericRowData copy = new GenericRowData(type.getFieldCount());
        for (int i = 0; i < type.getFieldCount(); i++) {
          Object value = RowData.createFieldGetter(type.getTypeAt(i), i).getFieldOrNull(row);
          copy.setField(i, value instanceof byte[] ? ((byte[]) value).clone() : value);
        }
        copies.add(copy);
      }
    }
    return copies;
  }

  static int column(Table table, String name) {
    return table.schema().columns().indexOf(table.schema().findField(name));
  }

  ReplayPlan plan(String id, ReplayRange range) {
    TreeMap<StreamPartition, OffsetRange> offsets = new TreeMap<>();
    RecordedOffsets.of(silver())
        .forEach((p, end) -> offsets.put(p, OffsetRange.of(0, end, Counts.none())));
    return plan(id, range, offsets);
  }

  ReplayPlan plan(String id, ReplayRange range, TreeMap<StreamPartition, OffsetRange> offsets) {
    return ReplayPlan.of(
        id,
        HistoryRecords.ENTITY,
        range,
        "stream",
        new ContractChoice(ContractChoice.LIVE, 1),
        offsets);
  }

  /** What happens once between what is staged and what is published. */
  void meanwhile(Runnable what) {
    meanwhile = what;
  }

  /** The next staging job dies after so many messages. */
  void dieAfter(int messages) {
    dieAfter = messages;
  }

  ReplayResult replay(ReplayPlan plan, boolean accepted) throws Exception {
    return new Replay(
            new Replay.Setting(
                lake.catalog(),
                submit(),
                HistoryRecords.contract(),
                HistoryRecords::refiner,
                SortMemory.of(scratch, 1 << 20),
                "test"),
            plan,
            this::stage,
            new Refilling(),
            line -> {})
        .run(accepted);
  }

  private void stage(ReplayPlan plan, Pipeline staged, ReplayMemory refiner) throws Exception {
    ReplayTables tables = new ReplayTables(lake.catalog(), plan.id());
    Map<StreamPartition, Long> from = new TreeMap<>(tables.recorded(plan));
    HarnessJob staging = job(staged, refiner, 1 + random.nextInt(2));
    try {
      long checkpoint = 0;
      for (Map.Entry<StreamPartition, OffsetRange> range : plan.offsets().entrySet()) {
        for (long at = from.get(range.getKey()); at < range.getValue().end(); at++) {
          if (dieAfter-- == 0) {
            dieAfter = Integer.MAX_VALUE;
            throw new CoreHistory.InjectedFault("killed while staging");
          }
          process(staging, range.getKey().partition(), at);
          if (random.nextInt(25) == 0) {
            staging.checkpoint(++checkpoint);
            staging.complete(checkpoint);
          }
        }
      }
      staging.checkpoint(++checkpoint);
      staging.complete(checkpoint);
    } finally {
      staging.close();
    }
    Runnable once = meanwhile;
    meanwhile = null;
    if (once != null) {
      once.run();
    }
  }

  /** Sends records again by putting them at the end of the log. */
  private final class Refilling implements Replay.Filling {
    @Override
    public SortedSet<RecordCoordinate> decided(SortedSet<RecordCoordinate> records) {
      SortedSet<RecordCoordinate> known = new TreeSet<>(records);
      known.retainAll(sentAgain);
      return known;
    }

    @Override
    public SortedMap<String, Long> fill(ReplayPlan plan, SortedSet<RecordCoordinate> records)
        throws Exception {
      for (RecordCoordinate record : records) {
        log.sendAgain(record.partition(), (int) record.offset());
        sentAgain.add(record);
      }
      commitAll();
      return new TreeMap<>(Map.of("sent", (long) records.size()));
    }
  }

  private final SortedSet<RecordCoordinate> sentAgain = new TreeSet<>();

  String hash() {
    return TableHash.of(silver(), HistoryRecords.contract()).hex();
  }

  List<Record> rows() throws IOException {
    List<Record> rows = new ArrayList<>();
    try (CloseableIterable<Record> read = IcebergGenerics.read(silver()).build()) {
      read.forEach(rows::add);
    }
    return rows;
  }

  Snapshot snapshot() {
    return silver().currentSnapshot();
  }

  private Pipeline submit() {
    return new Pipeline(
        HistoryRecords.ENTITY,
        Map.of(TOPIC, HistoryRecords.SOURCE),
        lake.loader(),
        UUID.randomUUID().toString(),
        true,
        Duration.ofSeconds(2),
        Duration.ofMinutes(10));
  }

  private static HarnessJob job(Pipeline pipeline, RecordRefiner.Factory refiner, int parallelism)
      throws Exception {
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
    SilverJob.prepare(env, 1000);
    Properties client = new Properties();
    client.setProperty("bootstrap.servers", "nowhere:1");
    SilverJob.pipeline(
        env,
        RawStream.live(pipeline.topics(), pipeline.tables(), pipeline.catalogLoader(), client),
        pipeline,
        EndlessLog.connector(TOPIC, STREAM_ID),
        refiner,
        parallelism);
    return new HarnessJob(env.getStreamGraph(), null, false);
  }

  @Override
  public void close() {
    job.close();
    lake.close();
  }
}
