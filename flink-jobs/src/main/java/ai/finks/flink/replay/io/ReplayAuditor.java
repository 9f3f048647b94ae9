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
import org.apache.iceberg.DataFile;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;

/**
 * Holds what is staged against a snapshot of the entity's own table, period by period.
 *
 * <p>Memory: about 100 bytes per row of the part of a period that is looked at; a period of more
 * than a million rows is read once per part.
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
    this.mainRows = new PeriodRows(main, snapshotId, contract, plan.scope());
    this.stagedRows = new PeriodRows(versions, stagedSnapshot, contract, plan.scope());
  }

  private Table silver() {
    return Objects.requireNonNull(staged.get(PipelineTable.SILVER));
  }

  public ReplayAudit audit() {
    List<PeriodAudit> audits = new ArrayList<>();
    List<RowSample> samples = new ArrayList<>();
    for (TablePeriod period : touched()) {
      PeriodAudit audit = audit(period);
      audits.add(audit);
      if (!audit.changes().isEmpty()) {
        samples.addAll(
            new ReplaySamples(contract, mainRows, stagedRows).of(audit, SAMPLES_PER_PERIOD));
      }
    }
    return new ReplayAudit(audits, counts(), failures(), samples);
  }

  /** Periods that what is staged goes to, and those that hold rows which it stands in for. */
  private SortedSet<TablePeriod> touched() {
    SortedSet<TablePeriod> staged = new TreeSet<>(stagedPeriods.open());
    staged.addAll(stagedPeriods.sealed());
    SortedSet<TablePeriod> touched = new TreeSet<>();
    for (TablePeriod period : staged) {
      boolean[] any = {false};
      stagedRows.read(period.toString(), (row, id, inScope) -> any[0] |= inScope);
      if (any[0]) {
        touched.add(period);
      }
    }
    touched.addAll(new TouchedFiles(plan, contract).periods(main, snapshotId));
    return touched;
  }

  private PeriodAudit audit(TablePeriod period) {
    PeriodMode mode = periods.sealed().contains(period) ? PeriodMode.REPLACE : PeriodMode.FILL;
    long rows = rows(periods, period);
    int parts = 1 + (int) ((rows + rows(stagedPeriods, period)) / ROWS_AT_ONCE);
    PeriodChanges changes = new PeriodChanges();
    for (int part = 0; part < parts; part++) {
      compare(period.toString(), part, parts, changes);
    }
    Set<RowIdentity> added = mode == PeriodMode.FILL ? changes.onlyAdded() : Set.of();
    SortedSet<RecordCoordinate> toSend = new TreeSet<>();
    Set<RowPlace> thereAlready = new HashSet<>();
    if (!added.isEmpty() || !changes.elsewhere().isEmpty()) {
      stagedRows.read(
          period.toString(),
          (row, id, inScope) -> {
            if (inScope && added.contains(id)) {
              toSend.add(coordinate(row));
            }
            if (inScope && changes.elsewhere().contains(id)) {
              thereAlready.add(place(row));
            }
          });
    }
    return new PeriodAudit(period.toString(), mode, rows, changes, toSend, thereAlready);
  }

  private static long rows(SealedPeriods periods, TablePeriod period) {
    return periods.files(period).stream().mapToLong(DataFile::recordCount).sum();
  }

  private void compare(String period, int part, int parts, PeriodChanges changes) {
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

  private static RecordCoordinate coordinate(Record row) {
    return new RecordCoordinate(
        (String) row.getField("_topic"),
        (String) row.getField("_stream_id"),
        (Integer) row.getField("_partition"),
        (Long) row.getField("_offset"));
  }

  private static RowPlace place(Record row) {
    return new RowPlace(
        (String) row.getField("_stream_id"),
        (Integer) row.getField("_partition"),
        (Long) row.getField("_offset"),
        (Integer) row.getField("_element"));
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
