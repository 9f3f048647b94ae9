package ai.finks.flink.replay;

import ai.finks.flink.fault.FaultPoints;
import ai.finks.flink.fault.WallClock;
import ai.finks.flink.replay.core.PeriodAudit;
import ai.finks.flink.replay.core.PeriodMode;
import ai.finks.flink.replay.core.ReplayAudit;
import ai.finks.flink.replay.core.ReplayPlan;
import ai.finks.flink.replay.io.PeriodReplacement;
import ai.finks.flink.replay.io.ReplayAuditor;
import ai.finks.flink.replay.io.ReplayMemory;
import ai.finks.flink.replay.io.ReplayTables;
import ai.finks.flink.replay.io.SideTables;
import ai.finks.flink.seal.SortMemory;
import ai.finks.flink.silver.core.RecordCoordinate;
import ai.finks.flink.silver.function.RecordRefiner;
import ai.finks.flink.silver.io.Pipeline;
import ai.finks.flink.silver.io.PipelineTable;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.SnapshotHold;
import ai.finks.schemas.contract.Contract;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;

/**
 * Runs a planned replay to its end, from wherever an earlier run of it was stopped.
 *
 * <pre>
 * plan ─▶ stage (the live pipeline, into staged tables) ─▶ audit against snapshot S
 *            ├─ unchanged ─▶ discard what is staged
 *            ├─ objection ─▶ stop; what is staged stays
 *            └─ replace sealed periods (one commit, if they are still those of S; else audit anew)
 *                 ─▶ refusals, marks, accounting ─▶ fill open periods through the live job ─▶ discard
 * </pre>
 *
 * <p>Each step can be done again: staging goes on at the staged tables' own offsets; periods that
 * were replaced have nothing to change any more; the staged tables say that publishing has begun;
 * what was sent again is found in its stream. So a replay that was killed anywhere is run again
 * with the same plan.
 */
public final class Replay {
  private static final int ATTEMPTS = 5;
  private static final Duration LONGEST_HOLD = Duration.ofDays(7);

  /** Runs the pipeline over what of the plan is not staged yet. */
  @FunctionalInterface
  public interface Staging {
    void run(ReplayPlan plan, Pipeline staged, ReplayMemory refiner) throws Exception;
  }

  /** Brings rows into open periods, through the live job. */
  public interface Filling {
    /** Of the records those about which the live job has decided before: they leave no row. */
    SortedSet<RecordCoordinate> decided(SortedSet<RecordCoordinate> records) throws Exception;

    /**
     * Sends the records again and returns when the live job has committed what became of them.
     *
     * @return how many went which way
     */
    SortedMap<String, Long> fill(ReplayPlan plan, SortedSet<RecordCoordinate> records)
        throws Exception;
  }

  /** What a replay works on and with. */
  public static final class Setting {
    private final LakeCatalog catalog;
    private final Pipeline live;
    private final Contract contract;
    private final RecordRefiner.Factory refiner;
    private final SortMemory memory;
    private final String codeVersion;
    private int threads = 1;

    /**
     * @param live the pipeline that writes the entity's own tables, as this process would run it
     * @param contract that the refiner goes by
     */
    public Setting(
        LakeCatalog catalog,
        Pipeline live,
        Contract contract,
        RecordRefiner.Factory refiner,
        SortMemory memory,
        String codeVersion) {
      this.catalog = catalog;
      this.live = live;
      this.contract = contract;
      this.refiner = refiner;
      this.memory = memory;
      this.codeVersion = codeVersion;
    }

    /** The same, comparing so many periods at a time. */
    public Setting withThreads(int atATime) {
      threads = atATime;
      return this;
    }
  }

  private final Setting setting;
  private final ReplayPlan plan;
  private final Staging staging;
  private final Filling filling;
  private final Consumer<String> progress;
  private final ReplayTables tables;

  public Replay(
      Setting setting,
      ReplayPlan plan,
      Staging staging,
      Filling filling,
      Consumer<String> progress) {
    this.setting = setting;
    this.plan = plan;
    this.staging = staging;
    this.filling = filling;
    this.progress = progress;
    this.tables = new ReplayTables(setting.catalog, plan.id());
  }

  /**
   * @param accepted whether more than a small part of a period's rows may change
   */
  public ReplayResult run(boolean accepted) throws Exception {
    tables.create(plan, setting.live);
    staging.run(
        plan, tables.staging(setting.live), new ReplayMemory(setting.refiner, setting.live, plan));
    FaultPoints.pass("replay.staged");
    Table main = setting.catalog.load(setting.live.table(PipelineTable.SILVER));
    for (int attempt = 1; ; attempt++) {
      try {
        return publish(main, accepted);
      } catch (ValidationException | CommitFailedException moved) {
        if (attempt == ATTEMPTS) {
          throw moved;
        }
        progress.accept("the periods changed meanwhile, planning again: " + moved.getMessage());
      }
    }
  }

  private ReplayResult publish(Table main, boolean accepted) throws Exception {
    main.refresh();
    Snapshot seen =
        Objects.requireNonNull(main.currentSnapshot(), "an empty table is not replayed");
    SnapshotHold.take(main, plan.id(), seen.snapshotId(), LONGEST_HOLD, WallClock.utc());
    ReplayAudit audit =
        new ReplayAuditor(plan, setting.contract, main, seen.snapshotId(), tables.load())
            .audit(setting.threads);
    Optional<String> objection = audit.objection(accepted);
    if (objection.isPresent()) {
      SnapshotHold.release(main, plan.id());
      return ReplayResult.stopped(plan, audit, objection.get());
    }
    SortedSet<RecordCoordinate> toSend = new TreeSet<>(audit.toSend());
    if (!toSend.isEmpty()) {
      toSend.removeAll(filling.decided(toSend));
    }
    long decided = audit.toSend().size() - toSend.size();
    if (!toSend.isEmpty()) {
      tables.begin();
    }
    boolean changes = replace(main, seen.snapshotId(), audit) || !toSend.isEmpty();
    if (tables.hasBegun()) {
      SideTables.publish(setting.catalog, setting.live, plan, tables.load(), summary());
    }
    SortedMap<String, Long> filled = new TreeMap<>();
    if (!toSend.isEmpty()) {
      progress.accept(
          String.format("sending %,d records through the live job again", toSend.size()));
      filled.putAll(filling.fill(plan, toSend));
    }
    FaultPoints.pass("replay.published");
    SnapshotHold.release(main, plan.id());
    tables.discard();
    return changes
        ? ReplayResult.published(plan, audit, decided, filled)
        : ReplayResult.unchanged(plan, audit, decided);
  }

  private boolean replace(Table main, long snapshotId, ReplayAudit audit) {
    List<PeriodAudit> periods = audit.of(PeriodMode.REPLACE);
    if (periods.isEmpty()) {
      return false;
    }
    progress.accept(String.format("replacing %d sealed periods", periods.size()));
    tables.begin();
    Table staged = setting.catalog.load(tables.identifier(PipelineTable.SILVER));
    new PeriodReplacement(plan, setting.contract, main, staged, setting.memory)
        .commit(snapshotId, periods, summary());
    FaultPoints.pass("replay.publish.committed");
    return true;
  }

  private Map<String, String> summary() {
    Map<String, String> summary = new TreeMap<>();
    summary.put(ReplaySummary.KIND, ReplaySummary.REPLAY);
    summary.put(ReplaySummary.ID, plan.id());
    summary.put(ReplaySummary.RANGES, plan.ranges());
    summary.put(ReplaySummary.ORIGIN, plan.origin());
    summary.put(ReplaySummary.CODE_VERSION, setting.codeVersion);
    summary.put(
        ReplaySummary.CONTRACT_VERSION,
        plan.contract().version() + " (" + plan.contract().label() + ")");
    return summary;
  }
}
