package ai.finks.flink.seal;

import ai.finks.flink.fault.FaultPoints;
import ai.finks.flink.fault.WallClock;
import ai.finks.flink.table.SnapshotHold;
import ai.finks.flink.table.TablePeriod;
import ai.finks.schemas.contract.Contract;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seals the past periods of a Silver table that were touched since their last seal: each is sorted,
 * compacted, its superseded versions marked, its rows held against the contract's checks; then many
 * of them are replaced by one commit.
 *
 * <p>Assumptions that its correctness rests on:
 *
 * <ul>
 *   <li>Beside it the table is only appended to, and replaced by whole periods. An append between
 *       the plan and the commit survives, and its period is open again. A replacement took away a
 *       file that is to be taken away here: the commit fails and all is planned anew.
 *   <li>What is written is read back and compared with what was read, row by row, before it is
 *       published. Nothing of it is known to a snapshot until then: a kill leaves orphans.
 *   <li>The marks of a period follow from its own rows ({@link SealedLayout}), so that no other
 *       period has to be touched. Where a key may have versions in several periods, none but
 *       appends may come in between ({@link AppendsOnlySince}).
 *   <li>The snapshot that was planned on, and all after it, are held until the commit.
 * </ul>
 */
public final class Seal {
  private static final Logger LOG = LoggerFactory.getLogger(Seal.class);
  private static final int ATTEMPTS = 10;
  private static final Duration LONGEST_HOLD = Duration.ofDays(1);

  private final Table table;
  private final Contract contract;
  private final SealOptions options;
  private final String sealId;
  private int commits;

  /**
   * @param table {@code silver.<entity>_versions}, made ready for sealing
   * @param sealId {@code seal-…}, in the commits' summaries and files' names; a new one each time
   */
  public Seal(Table table, Contract contract, SealOptions options, String sealId) {
    this.table = table;
    this.contract = contract;
    this.options = options;
    this.sealId = sealId;
  }

  /**
   * The periods that are to be sealed: over in the contract's zone, and touched since.
   *
   * @param only this one alone, if it is among them; null for all
   */
  public List<PeriodReport> plan(Instant now, @Nullable TablePeriod only) {
    table.refresh();
    SealedPeriods periods = SealedPeriods.of(table);
    return periods.open().stream()
        .filter(period -> only == null || period.equals(only))
        .filter(period -> period.isOver(contract.zone(), now))
        .map(period -> PeriodReport.planned(period, periods.files(period)))
        .collect(Collectors.toList());
  }

  /**
   * Seals them.
   *
   * @param progress is told of each commit's periods
   * @throws ValidationException if others replaced its periods again and again
   */
  public List<PeriodReport> run(
      Instant now, @Nullable TablePeriod only, Consumer<List<PeriodReport>> progress) {
    List<PeriodReport> reports = new ArrayList<>();
    try {
      for (Set<TablePeriod> batch : batches(plan(now, only))) {
        List<PeriodReport> done = seal(batch);
        progress.accept(done);
        reports.addAll(done);
      }
    } finally {
      release();
    }
    return reports;
  }

  private void release() {
    try {
      SnapshotHold.release(table, sealId);
    } catch (RuntimeException e) {
      // What was sealed stands; the tag ends by its age.
      LOG.warn("Tag {} of {} was not removed", sealId, table.name(), e);
    }
  }

  private List<Set<TablePeriod>> batches(List<PeriodReport> plan) {
    List<Set<TablePeriod>> batches = new ArrayList<>();
    long bytes = options.commitBytes();
    for (PeriodReport period : plan) {
      if (bytes >= options.commitBytes()) {
        batches.add(new HashSet<>());
        bytes = 0;
      }
      batches.get(batches.size() - 1).add(period.period());
      bytes += period.bytesBefore();
    }
    return batches;
  }

  private List<PeriodReport> seal(Set<TablePeriod> batch) {
    SortedMap<TablePeriod, PeriodReport> done = new TreeMap<>();
    SealWork work = new SealWork(contract, options, sealId);
    Schema columns = table.schema();
    for (int attempt = 1; ; attempt++) {
      table.refresh();
      SealedLayout layout = SealedLayout.of(table, contract);
      if (!layout.schema().sameSchema(columns)) {
        // Rows that came in since may have values in columns that were not read.
        done.values().forEach(this::remove);
        done.clear();
        columns = layout.schema();
      }
      long snapshotId = table.currentSnapshot().snapshotId();
      SealedPeriods periods = SealedPeriods.of(table, snapshotId);
      done.values().removeIf(report -> isOutdated(report, periods, layout));
      try {
        SnapshotHold.take(table, sealId, snapshotId, LONGEST_HOLD, WallClock.utc());
        work.write(layout, periods, openOf(batch, periods, done.keySet()), done);
        commit(layout, snapshotId, done.values());
        return new ArrayList<>(done.values());
      } catch (ValidationException | CommitFailedException conflict) {
        LOG.info("seal={} attempt={} conflict={}", sealId, attempt, conflict.getMessage());
        if (attempt == ATTEMPTS) {
          done.values().forEach(this::remove);
          throw conflict;
        }
      }
    }
  }

  /** Whether files that it was made of were replaced; then what it was made into goes. */
  private boolean isOutdated(PeriodReport report, SealedPeriods periods, SealedLayout layout) {
    Set<String> present =
        periods.files(report.period()).stream().map(DataFile::location).collect(Collectors.toSet());
    boolean isCurrent =
        layout.keyHoldsPeriod()
            && report.before().stream().allMatch(file -> present.contains(file.location()));
    if (!isCurrent) {
      remove(report);
    }
    return !isCurrent;
  }

  private void remove(PeriodReport report) {
    report.after().forEach(file -> table.io().deleteFile(file.location()));
  }

  private static Set<TablePeriod> openOf(
      Set<TablePeriod> batch, SealedPeriods periods, Set<TablePeriod> done) {
    Set<TablePeriod> open = new HashSet<>(batch);
    open.retainAll(periods.open());
    open.removeAll(done);
    return open;
  }

  private void commit(SealedLayout layout, long snapshotId, Collection<PeriodReport> reports) {
    List<PeriodReport> sealed =
        reports.stream().filter(PeriodReport::isSealed).collect(Collectors.toList());
    if (sealed.isEmpty()) {
      return;
    }
    FaultPoints.pass("seal.commit.before");
    String number = Integer.toString(commits++);
    try {
      SealCommit.of(layout, snapshotId, sealed)
          .set(SealCommit.ID, sealId)
          .set(SealCommit.NUMBER, number)
          .commit();
    } catch (RuntimeException failed) {
      // Whatever was thrown, it may have landed, and then these files must never be taken away:
      // look, then decide. If nobody knows, they are orphans.
      table.refresh();
      if (!isThere(number)) {
        throw failed;
      }
      LOG.warn("seal={} commit={} landed although it failed", sealId, number, failed);
    }
    FaultPoints.pass("seal.commit.after");
  }

  private boolean isThere(String number) {
    for (Snapshot snapshot : table.snapshots()) {
      if (sealId.equals(snapshot.summary().get(SealCommit.ID))
          && number.equals(snapshot.summary().get(SealCommit.NUMBER))) {
        return true;
      }
    }
    return false;
  }
}
