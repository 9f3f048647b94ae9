package ai.finks.flink.replay.io;

import ai.finks.flink.replay.core.PeriodAudit;
import ai.finks.flink.replay.core.PeriodChanges;
import ai.finks.flink.replay.core.PeriodMode;
import ai.finks.flink.replay.core.ReplayAudit;
import ai.finks.flink.replay.core.ReplayPlan;
import ai.finks.flink.replay.core.RowIdentity;
import ai.finks.flink.replay.core.RowPlace;
import ai.finks.flink.replay.core.RowSample;
import ai.finks.flink.seal.SealedPeriods;
import ai.finks.flink.silver.core.RecordCoordinate;
import ai.finks.flink.silver.io.PipelineTable;
import ai.finks.flink.table.Carrier;
import ai.finks.flink.table.Counts;
import ai.finks.flink.table.OffsetRange;
import ai.finks.flink.table.RecordedOffsets;
import ai.finks.flink.table.StreamPartition;
import ai.finks.flink.table.TablePeriod;
import ai.finks.schemas.contract.Contract;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;

/**
 * Holds what is staged against a snapshot of the entity's own table, period by period.
 *
 * <p>Memory: about 100 bytes per row of the part of a period that a thread looks at, and as much
 * per row of that period that differs; a period of more than a million rows is read once per part.
 * Of open periods the coordinates of missing rows stay, about 100 bytes each, as many as {@link
 * ReplayAudit#MOST_SENT}.
 */
public final class ReplayAuditor {
  private static final long ROWS_AT_ONCE = 1_000_000;
  private static final int SAMPLES_PER_PERIOD = 5;

  private final ReplayPlan plan;
  private final Contract contract;
  private final Table main;
  private final Map<PipelineTable, Table> staged;
  private final long snapshotId;
  private final SealedPeriods periods;
  private final SealedPeriods stagedPeriods;
  private final PeriodRows mainRows;
  private final PeriodRows stagedRows;

  /**
   * @param snapshotId of the main table: what is published is held against this one
   */
  public ReplayAuditor(
      ReplayPlan plan,
      Contract contract,
      Table main,
      long snapshotId,
      Map<PipelineTable, Table> staged) {
    this.plan = plan;
    this.contract = contract;
    this.main = main;
    this.snapshotId = snapshotId;
    this.staged = staged;
    Table versions = silver();
    long stagedSnapshot = versions.currentSnapshot().snapshotId();
    this.periods = SealedPeriods.of(main, snapshotId);
    this.stagedPeriods = SealedPeriods.of(versions, stagedSnapshot);
    Schema schema = PeriodRows.schema(main, contract);
    byte[] key = VersionFingerprint.newKey();
    this.mainRows = new PeriodRows(main, periods, contract, plan.scope(), schema, key);
    this.stagedRows = new PeriodRows(versions, stagedPeriods, contract, plan.scope(), schema, key);
  }

  private Table silver() {
    return Objects.requireNonNull(staged.get(PipelineTable.SILVER));
  }

  /**
   * Compares all periods that are touched.
   *
   * @param threads periods that are compared at a time
   */
  public ReplayAudit audit(int threads) {
    List<PeriodAudit> audits = new ArrayList<>();
    List<RowSample> samples = new ArrayList<>();
    for (Audited each : audit(touched(), threads)) {
      audits.add(each.period);
      samples.addAll(each.samples);
    }
    return new ReplayAudit(audits, counts(), failures(), samples);
  }

  /** A period with some of its changed rows; the others are counted only. */
  private static final class Audited {
    final PeriodAudit period;
    final List<RowSample> samples;

    Audited(PeriodAudit period, List<RowSample> samples) {
      this.period = period;
      this.samples = samples;
    }
  }

  /** Periods that what is staged goes to, and those that hold rows which it stands in for. */
  private SortedSet<TablePeriod> touched() {
    SortedSet<TablePeriod> touched =
        new TreeSet<>(new TouchedFiles(plan, contract).periods(main, snapshotId));
    SortedSet<TablePeriod> others = new TreeSet<>(stagedPeriods.open());
    others.addAll(stagedPeriods.sealed());
    others.removeAll(touched);
    for (TablePeriod period : others) {
      boolean[] any = {false};
      stagedRows.read(period, (row, id, inScope) -> any[0] |= inScope);
      if (any[0]) {
        touched.add(period);
      }
    }
    return touched;
  }

  private List<Audited> audit(SortedSet<TablePeriod> touched, int threads) {
    if (threads == 1) {
      return touched.stream().map(this::audit).collect(Collectors.toList());
    }
    ExecutorService pool = Executors.newFixedThreadPool(threads, ReplayAuditor::daemon);
    try {
      List<Future<Audited>> running = new ArrayList<>();
      touched.forEach(period -> running.add(pool.submit(() -> audit(period))));
      List<Audited> audits = new ArrayList<>();
      for (Future<Audited> each : running) {
        audits.add(each.get());
      }
      return audits;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while auditing " + plan.id(), e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("Auditing " + plan.id() + " failed", e.getCause());
    } finally {
      pool.shutdownNow();
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "finks-replay-audit");
    thread.setDaemon(true);
    return thread;
  }

  private Audited audit(TablePeriod period) {
    PeriodMode mode = periods.sealed().contains(period) ? PeriodMode.REPLACE : PeriodMode.FILL;
    long rows = mainRows.count(period);
    int parts = 1 + (int) ((rows + stagedRows.count(period)) / ROWS_AT_ONCE);
    PeriodChanges changes = new PeriodChanges();
    for (int part = 0; part < parts; part++) {
      compare(period, part, parts, changes);
    }
    Set<RowIdentity> added = mode == PeriodMode.FILL ? changes.onlyAdded() : Set.of();
    SortedSet<RecordCoordinate> toSend = new TreeSet<>();
    Set<RowPlace> thereAlready = new HashSet<>();
    if (!added.isEmpty() || !changes.elsewhere().isEmpty()) {
      RowPlaces places = new RowPlaces(stagedRows.schema());
      stagedRows.read(
          period,
          (row, id, inScope) -> {
            if (inScope && added.contains(id)) {
              toSend.add(places.record(row));
            }
            if (inScope && changes.elsewhere().contains(id)) {
              thereAlready.add(places.of(row));
            }
          });
    }
    PeriodAudit audit =
        new PeriodAudit(period.toString(), mode, rows, changes, toSend, thereAlready);
    List<RowSample> samples =
        changes.isEmpty()
            ? List.of()
            : new ReplaySamples(contract, mainRows, stagedRows).of(audit, SAMPLES_PER_PERIOD);
    audit.forgetRows();
    return new Audited(audit, samples);
  }

  private void compare(TablePeriod period, int part, int parts, PeriodChanges changes) {
    List<RowIdentity> given = new ArrayList<>();
    List<RowIdentity> inScope = new ArrayList<>();
    List<RowIdentity> others = new ArrayList<>();
    stagedRows.read(
        period,
        (row, id, isInScope) -> {
          if (isInScope && id.part(parts) == part) {
            given.add(id);
          }
        });
    mainRows.read(
        period,
        (row, id, isInScope) -> {
          if (id.part(parts) == part) {
            (isInScope ? inScope : others).add(id);
          }
        });
    changes.compare(given, inScope, others);
  }

  /** What became of the records, as the staged tables' own commits tell. */
  private Counts counts() {
    Counts[] sum = {Counts.none()};
    Carrier.newest(((HasTableOperations) silver()).operations().current())
        .ifPresent(carrier -> carrier.counts().values().forEach(c -> sum[0] = sum[0].plus(c)));
    return sum[0];
  }

  /** A pass that ended short must never pass for one of fewer records. */
  private List<String> failures() {
    List<String> failures = new ArrayList<>();
    for (Table table : staged.values()) {
      SortedMap<StreamPartition, Long> recorded = RecordedOffsets.of(table);
      for (Map.Entry<StreamPartition, OffsetRange> read : plan.offsets().entrySet()) {
        long stands = recorded.getOrDefault(read.getKey(), 0L);
        if (stands != read.getValue().end()) {
          failures.add(
              String.format(
                  "%s stands at %d of %s, not at the end of %s",
                  table.name(), stands, read.getKey(), read.getValue()));
        }
      }
    }
    return failures;
  }
}
