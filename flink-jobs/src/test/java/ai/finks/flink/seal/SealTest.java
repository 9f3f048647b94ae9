package ai.finks.flink.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.finks.flink.seal.SealBed.Stored;
import ai.finks.flink.seal.SealBed.Trade;
import ai.finks.flink.silver.hash.TableHash;
import ai.finks.flink.silver.io.PartitionedFiles;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.TablePeriod;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.utils.JoinedRowData;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealTest {
  private static final TableIdentifier SILVER = LakeTables.silver("trades");
  private static final TablePeriod MARCH = SealBed.period(3);
  private static final TablePeriod APRIL = SealBed.period(4);

  @TempDir Path scratch;

  @Test
  void pastPeriodsAreCompactedInOneCommitAndTheTableHashStays() {
    try (SealBed bed = new SealBed(true, scratch)) {
      bed.append(List.of(bed.trade("desk", "a", 3, 1, 10), bed.trade("desk", "a", 4, 1, 10)));
      bed.append(List.of(bed.trade("desk", "a", 3, 2, 20), bed.trade("desk", "b", 3, 1, 30)));
      List<Trade> trades = trades(bed);
      TableHash hash = TableHash.of(bed.load(), bed.contract());

      List<PeriodReport> reports = bed.sealAll();

      assertThat(reports).extracting(PeriodReport::period).containsExactly(MARCH, APRIL);
      assertThat(reports).extracting(PeriodReport::filesBefore).containsExactly(2, 1);
      assertThat(reports).extracting(PeriodReport::filesAfter).containsExactly(1, 1);
      assertThat(reports).extracting(PeriodReport::rows).containsExactly(3L, 1L);
      assertThat(reports).extracting(PeriodReport::superseded).containsExactly(1L, 0L);
      Map<String, String> summary = bed.load().currentSnapshot().summary();
      assertThat(summary)
          .containsEntry("finks.kind", "seal")
          .containsEntry("finks.sealed-periods", "2025-03,2025-04")
          .containsEntry("finks.seal-id", "seal-trades-0")
          .doesNotContainKey("finks.offsets");
      assertThat(trades(bed)).containsExactlyInAnyOrderElementsOf(trades);
      assertThat(TableHash.of(bed.load(), bed.contract())).isEqualTo(hash);
      assertThat(bed.periods().open()).isEmpty();
      assertThat(bed.load().refs()).as("the hold is gone").containsOnlyKeys("main");
    }
  }

  @Test
  void sealedPeriodsAreLeftAloneUntilALateRowReopensOne() {
    try (SealBed bed = new SealBed(true, scratch)) {
      bed.append(List.of(bed.trade("desk", "a", 3, 1, 10), bed.trade("desk", "a", 4, 1, 10)));
      bed.sealAll();
      long sealedAt = bed.load().currentSnapshot().snapshotId();

      assertThat(bed.sealAll()).isEmpty();
      assertThat(bed.load().currentSnapshot().snapshotId()).isEqualTo(sealedAt);
      bed.append(List.of(bed.trade("desk", "a", 3, 2, 20)));
      assertThat(bed.periods().open()).containsExactly(MARCH);

      assertThat(bed.sealAll())
          .singleElement()
          .satisfies(report -> assertThat(report.period()).isEqualTo(MARCH))
          .satisfies(report -> assertThat(report.superseded()).isEqualTo(1));
    }
  }

  @Test
  void periodThatHasNotEndedAndOthersThanTheOneAskedForStayOpen() {
    try (SealBed bed = new SealBed(true, scratch)) {
      for (int month : List.of(1, 3, 4)) {
        bed.append(List.of(bed.trade("desk", "a", month, 1, 10)));
      }

      bed.seal().run(Instant.parse("2025-04-30T23:59:59Z"), MARCH, done -> {});

      assertThat(bed.periods().sealed()).containsExactly(MARCH);
      assertThat(bed.seal().plan(Instant.parse("2025-04-30T23:59:59Z"), null))
          .extracting(PeriodReport::period)
          .containsExactly(SealBed.period(1));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void lateAppendBesideTheSealSurvivesAndThePeriodIsOpenAgain(boolean keyHoldsPeriod) {
    try (SealBed bed = new SealBed(keyHoldsPeriod, scratch)) {
      bed.append(List.of(bed.trade("desk", "a", 3, 1, 10), bed.trade("desk", "b", 4, 1, 10)));
      Trade late = bed.trade("desk", "a", 3, 2, 20);
      beside(bed, () -> bed.append(List.of(late)));

      bed.sealAll();

      assertThat(bed.periods().open()).containsExactly(MARCH);
      assertThat(bed.periods().sealed()).containsExactly(APRIL);
      assertThat(bed.rows()).contains(new Stored(late, null)).hasSize(3);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void replaceBesideTheSealIsSeenAndThePeriodsArePlannedAnew(boolean keyHoldsPeriod) {
    try (SealBed bed = new SealBed(keyHoldsPeriod, scratch)) {
      bed.append(List.of(bed.trade("desk", "a", 3, 1, 10), bed.trade("desk", "b", 4, 1, 10)));
      Trade restated = bed.trade("desk", "a", 3, 2, 20);
      AtomicInteger calls = new AtomicInteger();
      beside(
          bed,
          () -> {
            calls.incrementAndGet();
            replace(bed, MARCH, List.of(restated));
          });

      bed.sealAll();

      assertThat(calls).hasValue(1);
      assertThat(bed.rows()).extracting(Stored::trade).hasSize(2).contains(restated);
      assertThat(bed.periods().open()).isEmpty();
      assertNoFileIsUnknown(bed);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void lostAnswerIsLookedUpAndNothingIsSealedTwice(boolean saysConflict) {
    try (SealBed bed = new SealBed(true, scratch)) {
      bed.append(List.of(bed.trade("desk", "a", 3, 1, 10)));
      bed.lake()
          .inject(
              SILVER,
              swap -> {
                swap.run();
                if (bed.load().currentSnapshot().summary().containsKey("finks.seal-id")) {
                  bed.lake().inject(SILVER, null);
                  throw saysConflict
                      ? new CommitFailedException("says that it lost")
                      : new CommitStateUnknownException(new IllegalStateException("no answer"));
                }
              });

      assertThat(bed.sealAll()).hasSize(1);

      assertThat(bed.periods().sealed()).containsExactly(MARCH);
      assertThat(bed.rows()).hasSize(1);
    }
  }

  @Test
  void periodWhoseRowsFailAContractCheckStaysAsItIsAndIsReported() {
    try (SealBed bed = new SealBed(true, scratch)) {
      bed.append(List.of(bed.trade("desk", "a", 3, 1, -10), bed.trade("desk", "b", 4, 1, 10)));

      List<PeriodReport> reports = bed.sealAll();

      assertThat(reports).extracting(PeriodReport::isSealed).containsExactly(false, true);
      assertThat(reports.get(0).failures()).containsExactly(Map.entry("positive", 1L));
      assertThat(bed.periods().open()).containsExactly(MARCH);
      assertThat(bed.periods().sealed()).containsExactly(APRIL);
    }
  }

  @Test
  void failureAheadOfTheCommitLeavesTheTableAsItWas() {
    try (SealBed bed = new SealBed(true, scratch)) {
      bed.append(List.of(bed.trade("desk", "a", 3, 1, 10)));
      long before = bed.load().currentSnapshot().snapshotId();
      bed.lake()
          .files()
          .beforeClose(
              location -> {
                if (location.endsWith(".parquet")) {
                  throw new IllegalStateException("disk is full");
                }
              });

      assertThatThrownBy(bed::sealAll).hasStackTraceContaining("disk is full");

      assertThat(bed.load().currentSnapshot().snapshotId()).isEqualTo(before);
      bed.lake().files().beforeClose(location -> {});
      assertThat(bed.sealAll()).hasSize(1);
    }
  }

  @Test
  void othersHaveEndedWhenAPeriodsFailureIsTold() {
    try (SealBed bed = new SealBed(true, scratch)) {
      bed.append(List.of(bed.trade("desk", "a", 3, 1, 10), bed.trade("desk", "b", 4, 1, 10)));
      CountDownLatch busy = new CountDownLatch(1);
      AtomicBoolean ended = new AtomicBoolean();
      bed.lake()
          .files()
          .beforeClose(
              location -> {
                if (location.contains("month=03")) {
                  await(busy);
                  throw new IllegalStateException("disk is full");
                } else if (location.contains("month=04")) {
                  busy.countDown();
                  takeLongToNoticeAnInterrupt();
                  ended.set(true);
                }
              });

      assertThatThrownBy(
              () -> bed.seal(bed.options().withThreads(2)).run(SealBed.NOW, null, done -> {}))
          .hasStackTraceContaining("disk is full");

      assertThat(ended).isTrue();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void takeLongToNoticeAnInterrupt() {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200);
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  @Test
  void eachCommitIsLookedUpByItsOwnNumber() {
    try (SealBed bed = new SealBed(true, scratch)) {
      bed.append(List.of(bed.trade("desk", "a", 3, 1, 10), bed.trade("desk", "b", 4, 1, 10)));
      List<TablePeriod> told = new ArrayList<>();
      AtomicInteger left = new AtomicInteger(1);
      bed.lake()
          .inject(
              SILVER,
              swap -> {
                boolean isSecond =
                    told.size() == 1
                        && bed.load().refs().values().stream()
                            .allMatch(ref -> ref.snapshotId() == newest(bed));
                if (isSecond && left.getAndDecrement() == 1) {
                  throw new CommitStateUnknownException(new IllegalStateException("no answer"));
                }
                swap.run();
              });

      assertThatThrownBy(
              () ->
                  bed.seal(bed.options().withCommitBytes(1))
                      .run(
                          SealBed.NOW,
                          null,
                          done -> done.forEach(report -> told.add(report.period()))))
          .hasMessageContaining("no answer");

      assertThat(told).hasSize(1);
      assertThat(bed.periods().sealed()).isEqualTo(Set.copyOf(told));
      bed.lake().inject(SILVER, null);
      assertThat(bed.sealAll()).hasSize(1);
      assertThat(bed.periods().open()).isEmpty();
    }
  }

  private static long newest(SealBed bed) {
    return bed.load().currentSnapshot().snapshotId();
  }

  @Test
  void valuesOfAColumnThatCameBesideTheSealAreKept() throws IOException {
    try (SealBed bed = new SealBed(false, scratch)) {
      bed.append(List.of(bed.trade("desk", "a", 3, 1, 10), bed.trade("desk", "b", 4, 1, 10)));
      Trade late = bed.trade("desk", "c", 3, 1, 10);
      beside(
          bed,
          () -> {
            replace(bed, APRIL, List.of(bed.trade("desk", "b", 4, 2, 20)));
            Table table = bed.load();
            table.updateSchema().addColumn("venue", Types.StringType.get()).commit();
            RowData venue = GenericRowData.of(StringData.fromString("XETR"));
            append(bed, new JoinedRowData(SealBed.row(late), venue));
          });

      bed.sealAll();

      assertThat(bed.periods().open()).isEmpty();
      List<Object> venues = new ArrayList<>();
      try (CloseableIterable<Record> records = IcebergGenerics.read(bed.load()).build()) {
        records.forEach(record -> venues.add(record.getField("venue")));
      }
      assertThat(venues).containsExactlyInAnyOrder(null, null, "XETR");
    }
  }

  private static void append(SealBed bed, RowData row) {
    Table table = bed.load();
    AppendFiles append = table.newAppend();
    try (PartitionedFiles files = new PartitionedFiles(table, 0, 0, Long.MAX_VALUE)) {
      files.write(row);
      files.complete().forEach(append::appendFile);
    }
    append.commit();
  }

  /** Between the plan and the catalog's answer to the seal's commit, once. */
  static void beside(SealBed bed, Runnable other) {
    bed.lake()
        .inject(
            SILVER,
            swap -> {
              // The first commit of a seal takes its hold.
              if (bed.load().refs().size() == 1) {
                swap.run();
                return;
              }
              bed.lake().inject(SILVER, null);
              other.run();
              swap.run();
            });
  }

  /** What a replay does: all rows of a period are others now. */
  static void replace(SealBed bed, TablePeriod period, List<Trade> trades) {
    Table table = bed.load();
    long from = table.currentSnapshot().snapshotId();
    SealedPeriods periods = SealedPeriods.of(table, from);
    SealedLayout layout = SealedLayout.of(table, bed.contract());
    KeySpans spans = KeySpans.of(layout);
    spans.written(table, period, SealBed.write(table, trades));
    periods
        .all()
        .forEach(
            (other, files) -> {
              if (!other.equals(period)) {
                spans.staying(table, files);
              }
            });
    List<DataFile> files;
    try (SealedPeriodWriter writer =
        layout.open(period, bed.options().memory(), "replay-" + from)) {
      trades.forEach(trade -> writer.add(SealBed.row(trade)));
      files = writer.finish(spans).files();
    }
    OverwriteFiles commit =
        AppendsOnlySince.guard(table, from)
            .newOverwrite()
            .validateFromSnapshot(from)
            .validateNoConflictingData()
            .validateNoConflictingDeletes();
    periods.files(period).forEach(commit::deleteFile);
    files.forEach(commit::addFile);
    commit.commit();
  }

  private static List<Trade> trades(SealBed bed) {
    return bed.rows().stream().map(Stored::trade).toList();
  }

  /** A plan that was thrown away leaves no file of its own. */
  private static void assertNoFileIsUnknown(SealBed bed) {
    List<String> known = new ArrayList<>();
    Table table = bed.load();
    for (var snapshot : table.snapshots()) {
      SealedPeriods.of(table, snapshot.snapshotId())
          .all()
          .values()
          .forEach(files -> files.forEach(file -> known.add(file.location())));
    }
    assertThat(bed.lake().files().locations())
        .filteredOn(location -> location.contains("seal-"))
        .filteredOn(location -> location.endsWith(".parquet"))
        .isSubsetOf(known);
  }

  static Map<String, Trade> newestOf(List<Trade> trades) {
    Map<String, Trade> newest = new HashMap<>();
    for (Trade trade : trades) {
      newest.merge(
          trade.key(), trade, (a, b) -> SealHistoriesTest.VERSIONS.compare(a, b) > 0 ? a : b);
    }
    return newest;
  }
}
