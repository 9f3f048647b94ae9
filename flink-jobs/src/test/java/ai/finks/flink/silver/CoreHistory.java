package ai.finks.flink.silver;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.finks.flink.seal.Seal;
import ai.finks.flink.seal.SealOptions;
import ai.finks.flink.seal.SideCompaction;
import ai.finks.flink.silver.io.Pipeline;
import ai.finks.flink.silver.io.PipelineTable;
import ai.finks.flink.stream.RawMessage;
import ai.finks.flink.stream.RawStream;
import ai.finks.flink.stream.SplitOwner;
import ai.finks.flink.table.Carrier;
import ai.finks.flink.table.FencedException;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.MemoryTables;
import ai.finks.flink.table.RecordedOffsets;
import ai.finks.flink.table.StreamPartition;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.util.ExceptionUtils;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.util.SnapshotUtil;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A random history of the silver job's own operators: records are sent, read and committed, and in
 * between the job is killed, restarted in every way there is, and its catalog and files fail. All
 * of it follows from the seed.
 */
final class CoreHistory implements AutoCloseable {
  private static final String TOPIC = "desk.trades.raw.v1";
  private static final String STREAM_ID = "stream";

  /** A barrier that the job can be restored to. */
  private static final class Savepoint {
    final HarnessJob.State state;
    final Map<Integer, Long> positions;
    final Pipeline submission;

    Savepoint(HarnessJob.State state, Map<Integer, Long> positions, Pipeline submission) {
      this.state = state;
      this.positions = positions;
      this.submission = submission;
    }
  }

  private final Random random;
  private final Random names;
  private final HistoryLog log;
  private final MemoryTables lake = new MemoryTables();
  private final List<String> steps = new ArrayList<>();
  private final List<Savepoint> savepoints = new ArrayList<>();
  private @Nullable HarnessJob job;
  private Pipeline submission;
  private Map<Integer, Long> positions = new HashMap<>();
  private @Nullable Savepoint newestOfSubmission;
  private int parallelism = 2;
  private long checkpointId;

  CoreHistory(long seed) {
    random = new Random(seed);
    names = new Random(~seed);
    log = new HistoryLog(random, 1 + random.nextInt(3));
    LakeTables.createMissing(lake.catalog(), "lake", List.of(HistoryRecords.contract()));
    submission = submit();
  }

  /** Lives the history and holds the tables against its log at the end. */
  void live() throws Exception {
    int count = 8 + random.nextInt(10);
    for (int step = 0; step < count; step++) {
      step();
    }
    note("settle");
    heal();
    if (job == null) {
      failOver();
    }
    readAll();
    checkpoint();
    new HistoryTables(lake.catalog(), HistoryRecords.ENTITY).assertHold(log);
  }

  /** What happened, one word per step. */
  List<String> steps() {
    return steps;
  }

  private void step() throws Exception {
    switch (random.nextInt(18)) {
      case 0:
      case 1:
      case 2:
      case 3:
        write();
        break;
      case 4:
      case 5:
        read(1 + random.nextInt(8));
        break;
      case 6:
      case 7:
      case 8:
        read(random.nextInt(8));
        checkpoint();
        break;
      case 9:
        note("abort");
        read(random.nextInt(4));
        requireJob().checkpoint(++checkpointId);
        break;
      case 10:
        kill("kill");
        failOver();
        break;
      case 11:
        kill("restart without state");
        restartWithoutState();
        break;
      case 12:
        kill("older savepoint");
        restoreOlder();
        break;
      case 13:
        kill("rescale");
        parallelism = 1 + random.nextInt(3);
        failOver();
        break;
      case 14:
        failingCommit();
        break;
      case 15:
        failingFile();
        break;
      case 16:
        takeOver();
        break;
      default:
        maintain();
    }
  }

  private void write() {
    for (int left = 1 + random.nextInt(8); left > 0; left--) {
      switch (random.nextInt(8)) {
        case 0:
          note("duplicate@" + log.duplicate());
          break;
        case 1:
        case 2:
          note("restate@" + log.restate());
          break;
        case 3:
          note("corrupt@" + log.corrupt());
          break;
        default:
          note("send@" + log.send());
      }
    }
  }

  private void read(int count) throws Exception {
    for (int left = count; left > 0; left--) {
      List<Integer> waiting = waiting();
      if (waiting.isEmpty()) {
        return;
      }
      read(waiting.get(random.nextInt(waiting.size())), requireJob());
    }
  }

  private void readAll() throws Exception {
    for (int partition : waiting()) {
      while (position(partition) < log.partition(partition).size()) {
        read(partition, requireJob());
      }
    }
  }

  private void read(int partition, HarnessJob reader) throws Exception {
    long offset = position(partition);
    note("read@" + partition + ":" + offset);
    byte[] wire = log.partition(partition).get((int) offset).wire;
    reader.process(
        SplitOwner.of(new TopicPartition(TOPIC, partition), reader.parallelism()),
        new RawMessage(TOPIC, partition, offset, wire));
    positions.put(partition, offset + 1);
  }

  private List<Integer> waiting() {
    List<Integer> waiting = new ArrayList<>();
    for (int p = 0; p < log.partitionCount(); p++) {
      if (position(p) < log.partition(p).size()) {
        waiting.add(p);
      }
    }
    return waiting;
  }

  private long position(int partition) {
    return positions.getOrDefault(partition, 0L);
  }

  private void checkpoint() throws Exception {
    note("checkpoint");
    HarnessJob running = requireJob();
    HarnessJob.State state = running.checkpoint(++checkpointId);
    newestOfSubmission = new Savepoint(state, new HashMap<>(positions), submission);
    savepoints.add(newestOfSubmission);
    if (random.nextInt(8) > 0 || steps.contains("settle")) {
      running.complete(checkpointId);
    } else {
      kill("kill before commit");
    }
  }

  /** A checkpoint whose commit meets a fault; some faults end the job, some it must get over. */
  private void failingCommit() throws Exception {
    PipelineTable table = PipelineTable.values()[random.nextInt(PipelineTable.values().length)];
    int kind = random.nextInt(6);
    note("fault " + kind + " at " + table);
    lake.inject(table.identifier(HistoryRecords.ENTITY), fault(table, kind));
    outlive();
  }

  /** One of the next files cannot be written: a full disk, or a store that does not answer. */
  private void failingFile() throws Exception {
    AtomicInteger left = new AtomicInteger(random.nextInt(12));
    String suffix = random.nextBoolean() ? ".parquet" : ".avro";
    note("fault of file " + left + " " + suffix);
    lake.files()
        .beforeClose(
            location -> {
              if (location.endsWith(suffix) && left.getAndDecrement() == 0) {
                throw new InjectedFault("no space left for " + location);
              }
            });
    outlive();
  }

  private void outlive() throws Exception {
    try {
      write();
      read(1 + random.nextInt(8));
      checkpoint();
    } catch (RuntimeException e) {
      if (ExceptionUtils.findThrowable(e, InjectedFault.class).isEmpty()) {
        throw e;
      }
      kill("end by fault");
    } finally {
      heal();
    }
    if (job == null && random.nextBoolean()) {
      restartWithoutState();
    }
  }

  /** Another submission starts beside the one that lives; from then on that one is a zombie. */
  private void takeOver() throws Exception {
    HarnessJob zombie = requireJob();
    Map<Integer, Long> zombiePositions = positions;
    job = null;
    note("take over");
    if (random.nextBoolean()) {
      restartWithoutState();
    } else {
      restoreOlder();
    }
    Map<Integer, Long> mine = positions;
    positions = zombiePositions;
    try (zombie) {
      write();
      readAs(zombie);
      assertThatThrownBy(() -> checkpointUntilItKnows(zombie)).isInstanceOf(FencedException.class);
    }
    positions = mine;
  }

  /** Even a zombie that has nothing to write leaves a sign of life at every second checkpoint. */
  private void checkpointUntilItKnows(HarnessJob zombie) throws Exception {
    for (int left = 3; left > 0; left--) {
      zombie.checkpoint(++checkpointId);
      zombie.complete(checkpointId);
    }
  }

  private void readAs(HarnessJob zombie) throws Exception {
    note("zombie");
    for (int partition : waiting()) {
      read(partition, zombie);
    }
  }

  private MemoryTables.CommitFault fault(PipelineTable table, int kind) {
    AtomicInteger calls = new AtomicInteger();
    return swap -> {
      boolean now = calls.getAndIncrement() == 0;
      switch (kind) {
        case 0:
          throw new InjectedFault("unreachable");
        case 1:
          swap.run();
          throw new InjectedFault("answer lost, and the catalog gone");
        case 2:
          if (now) {
            throw new CommitFailedException("injected: conflict");
          }
          break;
        case 3:
          swap.run();
          throw new CommitStateUnknownException(new InjectedFault("answer lost"));
        case 4:
          if (now) {
            lake.inject(table.identifier(HistoryRecords.ENTITY), null);
            lake.rewrite(table.identifier(HistoryRecords.ENTITY));
          }
          break;
        default:
          throw new InjectedFault("no answer");
      }
      swap.run();
    };
  }

  private void heal() {
    lake.files().beforeClose(location -> {});
    for (PipelineTable table : PipelineTable.values()) {
      lake.inject(table.identifier(HistoryRecords.ENTITY), null);
    }
  }

  private void maintain() {
    PipelineTable table = PipelineTable.values()[random.nextInt(PipelineTable.values().length)];
    if (table == PipelineTable.SILVER) {
      note("seal");
      seal();
    } else {
      note("rewrite " + table);
      lake.rewrite(table.identifier(HistoryRecords.ENTITY));
      SideCompaction.run(lake.catalog(), HistoryRecords.ENTITY, "seal-side-" + steps.size(), 2);
    }
    if (random.nextInt(3) == 0) {
      note("expire " + table);
      lake.expire(table.identifier(HistoryRecords.ENTITY));
    }
    if (random.nextInt(3) == 0) {
      kill("roll back " + table);
      rollBack(lake.catalog().load(table.identifier(HistoryRecords.ENTITY)));
      savepoints.clear();
      newestOfSubmission = null;
    }
  }

  /** All records are of 2025, so that every period is past. */
  private void seal() {
    new Seal(
            lake.catalog().load(LakeTables.silver(HistoryRecords.ENTITY)),
            HistoryRecords.contract(),
            SealOptions.of(Path.of("never-spilled-to")).withThreads(1),
            "seal-" + steps.size())
        .run(Instant.parse("2026-01-01T00:00:00Z"), null, done -> {});
  }

  private void rollBack(Table table) {
    List<Snapshot> snapshots = new ArrayList<>();
    table.snapshots().forEach(snapshots::add);
    List<Snapshot> withOffsets =
        snapshots.stream()
            .filter(s -> s.summary().containsKey(Carrier.OFFSETS))
            .filter(s -> SnapshotUtil.isAncestorOf(table, s.snapshotId()))
            .collect(Collectors.toList());
    if (!withOffsets.isEmpty()) {
      Snapshot to = withOffsets.get(random.nextInt(withOffsets.size()));
      table.manageSnapshots().rollbackTo(to.snapshotId()).commit();
    }
  }

  private void kill(String how) {
    note(how);
    if (job != null) {
      job.close();
      job = null;
    }
  }

  /** As Flink does by itself: the same submission, from its newest completed checkpoint. */
  private void failOver() throws Exception {
    if (newestOfSubmission == null) {
      restartFromTables();
    } else {
      restore(newestOfSubmission);
    }
  }

  private void restartWithoutState() throws Exception {
    submission = submit();
    newestOfSubmission = null;
    restartFromTables();
  }

  private void restoreOlder() throws Exception {
    if (savepoints.isEmpty()) {
      restartWithoutState();
      return;
    }
    Savepoint older = savepoints.get(random.nextInt(savepoints.size()));
    submission = submit();
    newestOfSubmission = older;
    try {
      restore(older);
    } catch (FencedException diverged) {
      // It holds ranges that were never committed, and that later ones overlap: the job says so
      // and asks for a start without state.
      restartWithoutState();
    }
  }

  private void restartFromTables() throws Exception {
    note("from tables");
    List<StreamPartition> partitions = new ArrayList<>();
    for (int p = 0; p < log.partitionCount(); p++) {
      partitions.add(StreamPartition.of(TOPIC, STREAM_ID, p));
    }
    EnumMap<PipelineTable, Table> tables = submission.load(lake.catalog());
    Map<Integer, Long> starts = new HashMap<>();
    RecordedOffsets.lowest(tables.values(), partitions)
        .forEach((partition, offset) -> starts.put(partition.partition(), offset));
    positions = starts;
    job = new HarnessJob(graph(), null, random.nextBoolean());
  }

  private void restore(Savepoint savepoint) throws Exception {
    note("from state " + savepoint.state.checkpointId);
    positions = new HashMap<>(savepoint.positions);
    job = new HarnessJob(graph(), savepoint.state, random.nextBoolean());
  }

  private HarnessJob requireJob() throws Exception {
    if (job == null) {
      failOver();
    }
    return Objects.requireNonNull(job);
  }

  private Pipeline submit() {
    return new Pipeline(
        HistoryRecords.ENTITY,
        Map.of(TOPIC, HistoryRecords.SOURCE),
        lake.loader(),
        new UUID(names.nextLong(), names.nextLong()).toString(),
        true,
        Duration.ofSeconds(2),
        Duration.ofMinutes(10));
  }

  private StreamGraph graph() {
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
    SilverJob.prepare(env, 1000);
    Properties client = new Properties();
    client.setProperty("bootstrap.servers", "nowhere:1");
    SilverJob.pipeline(
        env,
        RawStream.live(
            submission.topics(), submission.tables(), submission.catalogLoader(), client),
        submission,
        EndlessLog.connector(TOPIC, STREAM_ID),
        HistoryRecords::refiner,
        parallelism);
    return env.getStreamGraph();
  }

  private void note(String step) {
    steps.add(step);
  }

  @Override
  public void close() {
    if (job != null) {
      job.close();
    }
    lake.close();
  }

  /** What an injected fault throws. */
  static final class InjectedFault extends RuntimeException {
    private static final long serialVersionUID = 1;

    InjectedFault(String message) {
      super("injected: " + message);
    }
  }
}
