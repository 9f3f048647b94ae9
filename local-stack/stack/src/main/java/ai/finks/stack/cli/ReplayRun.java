package ai.finks.stack.cli;

import ai.finks.flink.history.BronzeOrigin;
import ai.finks.flink.history.HistoryOrigin;
import ai.finks.flink.history.StreamOrigin;
import ai.finks.flink.replay.Replay;
import ai.finks.flink.replay.ReplayResult;
import ai.finks.flink.replay.core.ContractChoice;
import ai.finks.flink.replay.core.ReplayOrder;
import ai.finks.flink.replay.core.ReplayPlan;
import ai.finks.flink.replay.io.FlinkStaging;
import ai.finks.flink.replay.io.LiveFilling;
import ai.finks.flink.replay.io.ReplayPlanner;
import ai.finks.flink.replay.io.ReplayTables;
import ai.finks.flink.seal.SortMemory;
import ai.finks.flink.silver.core.RecordCoordinate;
import ai.finks.flink.silver.function.ContractRefinerFactory;
import ai.finks.flink.silver.io.EntitySchemas;
import ai.finks.flink.silver.io.Pipeline;
import ai.finks.flink.silver.redrive.RedriveOrder;
import ai.finks.flink.silver.redrive.RedrivePlatform;
import ai.finks.flink.silver.redrive.Refill;
import ai.finks.flink.table.CatalogConfig;
import ai.finks.flink.table.CatalogLoader;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.RecordedOffsets;
import ai.finks.flink.table.SnapshotHold;
import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.contract.Field;
import ai.finks.schemas.wire.WireFormats;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.home.StackRecord;
import ai.finks.stack.lake.Lake;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/** One replay on a home whose stack is up: plans it and runs it in this process. */
final class ReplayRun implements AutoCloseable {
  private static final Duration CHECKPOINTS = Duration.ofSeconds(10);
  private static final Duration SNAPSHOT_AGE = Duration.ofHours(1);
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final long SORT_BYTES = 64L << 20;

  private final FinksHome home;
  private final StackRecord stack;
  private final Lake lake;
  private final EntitySchemas schemas;
  private final Contract contract;
  private final Consumer<String> progress;
  private final CatalogLoader catalogLoader;
  private final HistoryOrigin stream;
  private final HistoryOrigin bronze;

  /**
   * @param schemas the contract and bindings that the replay goes by
   */
  ReplayRun(FinksHome home, StackRecord stack, EntitySchemas schemas, Consumer<String> progress) {
    this.home = home;
    this.stack = stack;
    this.schemas = schemas;
    this.contract = schemas.contract();
    this.progress = progress;
    this.lake = Lake.open(home);
    this.catalogLoader =
        CatalogLoader.of(CatalogConfig.of(Lake.catalogSettings(home), Lake.root(home)));
    this.stream = StreamOrigin.connect(kafka());
    this.bronze = BronzeOrigin.open(catalogLoader, Lake.root(home));
  }

  private Properties kafka() {
    Properties kafka = new Properties();
    kafka.setProperty("bootstrap.servers", stack.url("kafka").orElse(""));
    return kafka;
  }

  private URI registry() {
    return URI.create(stack.url("registry").orElse(""));
  }

  Contract contract() {
    return contract;
  }

  /** Throws away what is staged of a replay that nobody runs, and lets go of what it held. */
  void discard(String id) throws IOException {
    discard(home, lake, contract.entity(), id);
  }

  /** The same of any entity's replay, whether or not a stack is up. */
  static void discard(FinksHome home, Lake lake, String entity, String id) throws IOException {
    try (LakeLock ignored = LakeLock.ofReplay(home, id)) {
      new ReplayTables(lake.catalog(), id).discard();
      SnapshotHold.release(lake.load(LakeTables.silver(entity)), id);
    }
  }

  Lake lake() {
    return lake;
  }

  /** {@code live} or {@code current}, with the version that the contract has there. */
  ContractChoice choice(String label) {
    return new ContractChoice(
        label,
        contract.version(),
        schemas.fingerprint() + '/' + ContractRefinerFactory.codeVersion());
  }

  Table silver() {
    return lake.load(LakeTables.silver(contract.entity()));
  }

  ReplayPlan plan(ReplayOrder order) {
    requireColumns();
    return new ReplayPlanner(stream, bronze, contract, RecordedOffsets.of(silver())).plan(order);
  }

  /** Rows of another shape cannot be published beside those of the live contract. */
  private void requireColumns() {
    Table silver = silver();
    List<String> missing =
        contract.fields().stream()
            .filter(Field::isStored)
            .map(Field::name)
            .filter(name -> silver.schema().findField(name) == null)
            .toList();
    if (!missing.isEmpty()) {
      throw CommandFailure.usage(
          "The contract has columns that Silver does not have yet: "
              + missing
              + "; first take it in: ./finks contracts apply");
    }
  }

  /**
   * Runs the plan to its end and tells of it.
   *
   * @param cause what it follows from; null if somebody asked for it
   */
  ReplayResult run(ReplayPlan plan, boolean accepted, int parallelism, @Nullable String cause)
      throws Exception {
    try (LakeLock ignored = LakeLock.ofReplay(home, plan.id());
        RunTelling telling = RunTelling.on(home, progress)) {
      return telling.of(
          ReplayTelling.facts(plan, parallelism, cause),
          () -> run(plan, accepted, parallelism),
          ReplayTelling::came,
          ReplayTelling::failure);
    }
  }

  private ReplayResult run(ReplayPlan plan, boolean accepted, int parallelism) throws Exception {
    HistoryOrigin origin = plan.origin().equals("bronze") ? bronze : stream;
    Files.createDirectories(home.scratch());
    Pipeline live =
        new Pipeline(
            contract.entity(),
            schemas.sourceOfTopic(),
            catalogLoader,
            UUID.randomUUID().toString(),
            true,
            CHECKPOINTS,
            SNAPSHOT_AGE);
    return new Replay(
            new Replay.Setting(
                    lake.catalog(),
                    live,
                    contract,
                    new ContractRefinerFactory(live, schemas, registry(), home.keys()),
                    SortMemory.of(home.scratch(), SORT_BYTES),
                    ContractRefinerFactory.codeVersion())
                .withThreads(parallelism),
            plan,
            new FlinkStaging(
                origin, lake.catalog(), () -> environment(parallelism), parallelism, progress),
            new Filling(plan, origin),
            progress)
        .run(accepted);
  }

  private StreamExecutionEnvironment environment(int parallelism) {
    return LocalFlink.environment(home.scratch(), parallelism);
  }

  /** Sends records again while no redrive does. */
  private final class Filling implements Replay.Filling {
    private final ReplayPlan plan;
    private final HistoryOrigin origin;

    Filling(ReplayPlan plan, HistoryOrigin origin) {
      this.plan = plan;
      this.origin = origin;
    }

    @Override
    public SortedSet<RecordCoordinate> decided(SortedSet<RecordCoordinate> records)
        throws Exception {
      try (LakeLock ignored = LakeLock.take(home, "redrive");
          Refill refill = refill()) {
        return new TreeSet<>(refill.decided(records));
      }
    }

    @Override
    public SortedMap<String, Long> fill(ReplayPlan ofPlan, SortedSet<RecordCoordinate> records)
        throws Exception {
      try (LakeLock ignored = LakeLock.take(home, "redrive");
          Refill refill = refill()) {
        return new LiveFilling(
                origin,
                () -> environment(1),
                registry(),
                refill,
                () -> RunningStack.requireLife(home, stack),
                progress)
            .fill(ofPlan, records);
      }
    }

    private Refill refill() {
      return new Refill(
          new RedrivePlatform(
              lake.catalog(),
              kafka(),
              WireFormats.open(registry()),
              schemas.sourceOfTopic().keySet()),
          new RedriveOrder(
              contract.entity(),
              plan.id(),
              System.getProperty("user.name"),
              ContractRefinerFactory.codeVersion(),
              PATIENCE),
          contract.version(),
          Clock.systemUTC());
    }
  }

  @Override
  public void close() throws IOException {
    try (lake;
        stream;
        bronze) {
      // All three are closed, whichever fails.
    }
  }
}
