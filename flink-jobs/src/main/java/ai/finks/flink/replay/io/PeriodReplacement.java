package ai.finks.flink.replay.io;

import ai.finks.flink.fault.FaultPoints;
import ai.finks.flink.replay.ReplaySummary;
import ai.finks.flink.replay.core.PeriodAudit;
import ai.finks.flink.replay.core.ReplayPlan;
import ai.finks.flink.seal.AppendsOnlySince;
import ai.finks.flink.seal.KeySpans;
import ai.finks.flink.seal.SealedFiles;
import ai.finks.flink.seal.SealedLayout;
import ai.finks.flink.seal.SealedPeriodWriter;
import ai.finks.flink.seal.SealedPeriods;
import ai.finks.flink.seal.SortMemory;
import ai.finks.flink.seal.StoredRows;
import ai.finks.flink.table.LandedCommits;
import ai.finks.flink.table.TablePeriod;
import ai.finks.schemas.contract.Contract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;

/**
 * Replaces sealed periods of a Silver table in one commit: all rows that lie outside the replay's
 * scope stay, those within it give way to what is staged. The periods stay sealed.
 *
 * <p>Its correctness rests on this: the commit fails if, since the snapshot that the audit saw, any
 * file of the periods was taken away or any row of them came in. Then nothing of it is visible, and
 * the replay is planned again on what is there.
 */
public final class PeriodReplacement {
  private final ReplayPlan plan;
  private final Contract contract;
  private final Table main;
  private final Table staged;
  private final SortMemory memory;

  public PeriodReplacement(
      ReplayPlan plan, Contract contract, Table main, Table staged, SortMemory memory) {
    this.plan = plan;
    this.contract = contract;
    this.main = main;
    this.staged = staged;
    this.memory = memory;
  }

  /**
   * Writes the periods anew and commits them. Each call is an attempt of its own, with files that
   * no other one has, also not one of another run of the same replay.
   *
   * @param snapshotId that the audit saw
   * @param periods sealed ones
   * @throws ValidationException if the periods are not what they were; nothing has changed then
   * @throws CommitFailedException if others won every race; nothing has changed then
   */
  public void commit(long snapshotId, List<PeriodAudit> periods, Map<String, String> summary) {
    String attempt = plan.id() + '-' + UUID.randomUUID();
    SealedPeriods before = SealedPeriods.of(main, snapshotId);
    SealedLayout layout = SealedLayout.of(main, contract);
    KeySpans spans = spans(layout, before, periods);
    Map<TablePeriod, List<DataFile>> after = new TreeMap<>();
    boolean written = false;
    try {
      for (PeriodAudit period : periods) {
        TablePeriod at = TablePeriod.parse(period.period());
        try (SealedPeriodWriter writer = layout.open(at, memory, attempt)) {
          after.put(at, write(layout, writer, spans, before.files(at), period));
        }
        FaultPoints.pass("replay.publish.period-written");
      }
      written = true;
    } finally {
      if (!written) {
        remove(after);
      }
    }
    Map<String, String> named = new TreeMap<>(summary);
    named.put(ReplaySummary.COMMIT, attempt);
    try {
      commit(snapshotId, layout, before, after, named);
    } catch (RuntimeException failed) {
      // Whatever was thrown, it may have landed, and then these files must never be taken away:
      // look, then decide. If nobody knows, they are orphans.
      main.refresh();
      if (isThere(attempt)) {
        return;
      }
      if (failed instanceof ValidationException || failed instanceof CommitFailedException) {
        remove(after);
      }
      throw failed;
    }
  }

  private boolean isThere(String attempt) {
    for (Snapshot snapshot : main.snapshots()) {
      if (attempt.equals(snapshot.summary().get(ReplaySummary.COMMIT))) {
        return true;
      }
    }
    return false;
  }

  private void remove(Map<TablePeriod, List<DataFile>> written) {
    written.values().forEach(files -> files.forEach(file -> main.io().deleteFile(file.location())));
  }

  private void commit(
      long snapshotId,
      SealedLayout layout,
      SealedPeriods before,
      Map<TablePeriod, List<DataFile>> after,
      Map<String, String> summary) {
    Table landing = LandedCommits.of(main);
    Table table = layout.keyHoldsPeriod() ? landing : AppendsOnlySince.guard(landing, snapshotId);
    Expression filter = Expressions.alwaysFalse();
    for (TablePeriod period : after.keySet()) {
      filter = Expressions.or(filter, PeriodRows.filter(main, period.toString()));
    }
    OverwriteFiles commit =
        table
            .newOverwrite()
            .validateFromSnapshot(snapshotId)
            .conflictDetectionFilter(filter)
            .validateNoConflictingData()
            .validateNoConflictingDeletes();
    after.forEach(
        (period, files) -> {
          before.files(period).forEach(commit::deleteFile);
          files.forEach(commit::addFile);
        });
    summary.forEach(commit::set);
    FaultPoints.pass("replay.publish.planned");
    commit.commit();
  }

  private KeySpans spans(SealedLayout layout, SealedPeriods before, List<PeriodAudit> periods) {
    KeySpans spans = KeySpans.of(layout);
    if (layout.keyHoldsPeriod()) {
      return spans;
    }
    List<TablePeriod> written = new ArrayList<>();
    for (PeriodAudit period : periods) {
      TablePeriod at = TablePeriod.parse(period.period());
      List<DataFile> files = new ArrayList<>(before.files(at));
      files.addAll(SealedPeriods.of(staged).files(at));
      spans.written(main, at, files);
      written.add(at);
    }
    List<TablePeriod> others = new ArrayList<>(before.sealed());
    others.addAll(before.open());
    others.removeAll(written);
    others.forEach(other -> spans.staying(main, before.files(other)));
    return spans;
  }

  private List<DataFile> write(
      SealedLayout layout,
      SealedPeriodWriter writer,
      KeySpans spans,
      List<DataFile> files,
      PeriodAudit audit) {
    TablePeriod period = TablePeriod.parse(audit.period());
    Schema schema = layout.schema();
    RowPlaces places = new RowPlaces(schema);
    RowTimes times = new RowTimes(contract, schema);
    try (CloseableIterable<RowData> there = StoredRows.read(main, files, schema);
        CloseableIterable<RowData> given =
            StoredRows.read(staged, SealedPeriods.of(staged).files(period), schema)) {
      for (RowData row : there) {
        if (!isReplayed(row, places, times)) {
          writer.add(row);
        }
      }
      for (RowData row : given) {
        if (isReplayed(row, places, times) && !audit.thereAlready().contains(places.of(row))) {
          writer.add(row);
        }
      }
      SealedFiles written = writer.finish(spans);
      return written.files();
    } catch (IOException e) {
      throw new UncheckedIOException("Period " + period + " cannot be written", e);
    }
  }

  private boolean isReplayed(RowData row, RowPlaces places, RowTimes times) {
    return plan.scope().reads(places.streamId(row), places.partition(row), places.offset(row))
        && plan.scope().takes(times.event(row), times.ingest(row));
  }
}
