package ai.finks.flink.silver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.finks.flink.replay.ReplayResult;
import ai.finks.flink.replay.ReplaySummary;
import ai.finks.flink.replay.core.PeriodMode;
import ai.finks.flink.replay.core.ReplayPlan;
import ai.finks.flink.replay.core.ReplayRange;
import ai.finks.flink.replay.core.RowSample;
import ai.finks.flink.replay.io.ReplayTables;
import ai.finks.flink.silver.io.PipelineTable;
import ai.finks.flink.table.Carrier;
import ai.finks.flink.table.Counts;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.OffsetRange;
import ai.finks.flink.table.StagedTables;
import ai.finks.flink.table.StreamPartition;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.io.CloseableIterable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replays of sealed and open periods over tables in memory, by the live job's own operators. */
class ReplayTest {
  private static final String FEBRUARY = "2025-02";
  private static final UnaryOperator<@Nullable GenericRowData> GONE = row -> null;

  @TempDir Path scratch;
  private ReplayBed bed;
  private String hash;

  @BeforeEach
  void liveLife() throws Exception {
    WithoutHadoopDefaults.inThisThread();
    bed = new ReplayBed(new Random(7), scratch);
    for (int batch = 0; batch < 4; batch++) {
      for (int i = 0; i < 20; i++) {
        if (i % 5 == 0) {
          bed.log.duplicate();
        } else if (i % 7 == 0) {
          bed.log.corrupt();
        } else if (i % 3 == 0) {
          bed.log.restate();
        } else {
          bed.log.send();
        }
      }
      bed.commitAll();
    }
    bed.seal(null);
    hash = bed.hash();
  }

  @AfterEach
  void end() {
    System.clearProperty("finks.fault-points");
    bed.close();
    Thread.currentThread().setContextClassLoader(ReplayTest.class.getClassLoader());
  }

  @Test
  void replayOfWhatLiveWroteChangesNothingAndSaysSo() throws Exception {
    Snapshot before = bed.snapshot();

    ReplayResult result = bed.replay(bed.plan("replay-1", ReplayRange.ofOffsets()), false);

    assertThat(result.state()).isEqualTo(ReplayResult.State.UNCHANGED);
    assertThat(result.audit().rows())
        .containsEntry("unchanged", (long) bed.rows().size())
        .containsEntry("added", 0L)
        .containsEntry("removed", 0L);
    assertThat(bed.snapshot()).isEqualTo(before);
    assertThat(bed.lake().catalog().tables(StagedTables.STAGING)).isEmpty();
    assertThat(bed.silver().refs()).containsOnlyKeys("main");
  }

  @Test
  void rowsThatASealedPeriodLostComeBackInOneCommitAndItStaysSealed() throws Exception {
    List<String> rows = rows();
    bed.harm(FEBRUARY, everyThird(GONE));
    assertThat(rows()).hasSizeLessThan(rows.size());
    String offsets = bed.snapshot().summary().getOrDefault(Carrier.OFFSETS, "none");

    ReplayResult result = bed.replay(bed.plan("replay-2", ReplayRange.ofOffsets()), false);

    assertThat(result.state()).isEqualTo(ReplayResult.State.PUBLISHED);
    assertThat(rows()).containsExactlyInAnyOrderElementsOf(rows);
    assertThat(bed.hash()).isEqualTo(hash);
    assertThat(bed.sealed()).contains(FEBRUARY);
    assertThat(bed.snapshot().summary())
        .containsEntry(ReplaySummary.KIND, "replay")
        .containsEntry(ReplaySummary.ID, "replay-2")
        .containsEntry(ReplaySummary.ORIGIN, "stream")
        .containsEntry(ReplaySummary.CODE_VERSION, "test")
        .containsKey(ReplaySummary.RANGES)
        .doesNotContainKey(Carrier.OFFSETS);
    assertThat(offsets).isEqualTo("none");
    assertThat(bed.replay(bed.plan("replay-3", ReplayRange.ofOffsets()), false).state())
        .isEqualTo(ReplayResult.State.UNCHANGED);
  }

  @Test
  void accountingOfAReplayIsKeptApartAndBalances() throws Exception {
    bed.harm(FEBRUARY, everyThird(GONE));

    bed.replay(bed.plan("replay-4", ReplayRange.ofOffsets()), false);

    long read = 0;
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(bed.lake().catalog().load(LakeTables.ACCOUNTING)).build()) {
      for (Record row : rows) {
        if ("replay".equals(row.getField("kind"))) {
          assertThat(row.getField("writer_id")).isEqualTo("replay-4");
          read += (Long) row.getField("read");
          assertThat((Long) row.getField("read") + (Long) row.getField("exploded"))
              .isEqualTo(
                  (Long) row.getField("silver")
                      + (Long) row.getField("quarantine")
                      + (Long) row.getField("duplicates")
                      + (Long) row.getField("filtered"));
        }
      }
    }
    assertThat(read).isEqualTo(80);
  }

  @Test
  void rowsOfOtherSourcesAndOutsideTheRangesStay() throws Exception {
    Table table = bed.silver();
    int source = ReplayBed.column(table, "_source");
    int stream = ReplayBed.column(table, "_stream_id");
    int mark = ReplayBed.column(table, "_superseded");
    bed.append(
        FEBRUARY,
        row -> {
          row.setField(source, StringData.fromString("other"));
          row.setField(stream, StringData.fromString("another-stream"));
          row.setField(mark, null);
          return row;
        });
    bed.seal(null);
    List<String> rows = rows();
    bed.harm(FEBRUARY, row -> isOf(row, source, "desk") && row.hashCode() % 2 == 0 ? null : row);

    bed.replay(bed.plan("replay-5", ReplayRange.ofOffsets()), true);

    assertThat(rows()).containsExactlyInAnyOrderElementsOf(rows);
  }

  @Test
  void aRangeOfEventTimeTouchesItsPeriodsOnly() throws Exception {
    bed.harm(FEBRUARY, everyThird(GONE));
    bed.harm("2025-01", everyThird(GONE));
    List<String> january = rows("2025-01");
    ReplayRange february = event("2025-02-01T00:00:00Z", "2025-03-01T00:00:00Z");

    ReplayResult result = bed.replay(bed.plan("replay-6", february), false);

    assertThat(result.audit().periods()).extracting(p -> p.period()).containsExactly(FEBRUARY);
    assertThat(rows("2025-01")).containsExactlyInAnyOrderElementsOf(january);
    bed.replay(bed.plan("replay-7", ReplayRange.ofOffsets()), false);
    assertThat(bed.hash()).isEqualTo(hash);
  }

  @Test
  void rangesInTheMiddleOfAStreamKnowWhatWasKnownBeforeThem() throws Exception {
    List<String> rows = rows();
    TreeMap<StreamPartition, OffsetRange> middle = new TreeMap<>();
    bed.plan("any", ReplayRange.ofOffsets())
        .offsets()
        .forEach(
            (p, all) ->
                middle.put(p, OffsetRange.of(all.end() / 3, 2 * all.end() / 3, Counts.none())));
    ReplayPlan plan = bed.plan("replay-8", ReplayRange.ofOffsets(), middle);

    assertThat(bed.replay(plan, false).state()).isEqualTo(ReplayResult.State.UNCHANGED);
    bed.harm(FEBRUARY, everyThird(GONE));
    ReplayPlan again = bed.plan("replay-9", ReplayRange.ofOffsets(), middle);
    bed.replay(again, false);

    assertThat(bed.replay(bed.plan("replay-10", ReplayRange.ofOffsets(), middle), false).state())
        .isEqualTo(ReplayResult.State.UNCHANGED);
    bed.replay(bed.plan("replay-11", ReplayRange.ofOffsets()), false);
    assertThat(rows()).containsExactlyInAnyOrderElementsOf(rows);
  }

  @Test
  void moreThanAFewRestatedRowsAreAskedForAndStayStagedUntilAccepted() throws Exception {
    int amount = ReplayBed.column(bed.silver(), "amount");
    bed.harm(
        FEBRUARY,
        everyThird(
            row -> {
              row.setField(amount, DecimalData.fromUnscaledLong(12_345, 18, 2));
              return row;
            }));
    String harmed = bed.hash();
    ReplayPlan plan = bed.plan("replay-12", ReplayRange.ofOffsets());

    ReplayResult stopped = bed.replay(plan, false);

    assertThat(stopped.state()).isEqualTo(ReplayResult.State.STOPPED);
    assertThat(stopped.objection().orElseThrow()).contains("--accept").contains(FEBRUARY);
    assertThat(bed.hash()).isEqualTo(harmed);
    assertThat(stopped.audit().samples()).extracting(RowSample::change).contains("restated");
    assertThat(stopped.audit().samples().get(0).fields()).containsExactly("amount");
    ReplayTables staged = new ReplayTables(bed.lake().catalog(), "replay-12");
    assertThat(staged.plan().orElseThrow().ranges()).isEqualTo(plan.ranges());
    assertThat(staged.identifier(PipelineTable.SILVER)).hasToString("staging.replay_12_versions");
    assertThat(bed.replay(plan, true).state()).isEqualTo(ReplayResult.State.PUBLISHED);
    assertThat(bed.hash()).isEqualTo(hash);
  }

  @Test
  void whatIsStagedCanBeThrownAway() throws Exception {
    bed.harm(FEBRUARY, everyThird(row -> restated(row)));
    bed.replay(bed.plan("replay-13", ReplayRange.ofOffsets()), false);
    assertThat(ReplayTables.all(bed.lake().catalog()))
        .extracting(ReplayPlan::id)
        .containsExactly("replay-13");

    new ReplayTables(bed.lake().catalog(), "replay-13").discard();

    assertThat(ReplayTables.all(bed.lake().catalog())).isEmpty();
  }

  @Test
  void aLateLiveCommitIsFoundAndTheReplayIsPlannedAgain() throws Exception {
    bed.harm(FEBRUARY, everyThird(GONE));
    ReplayPlan plan = bed.plan("replay-14", ReplayRange.ofOffsets());
    AtomicInteger commits = new AtomicInteger();
    bed.lake()
        .inject(
            LakeTables.silver(HistoryRecords.ENTITY),
            swap -> {
              // The first commit holds the snapshot; ahead of the second the live job's comes in.
              if (commits.incrementAndGet() == 2) {
                bed.lake().inject(LakeTables.silver(HistoryRecords.ENTITY), null);
                lateRow();
              }
              swap.run();
            });

    ReplayResult result = bed.replay(plan, false);

    // A late row has reopened the period: what is missing goes through the live job, which knows.
    assertThat(result.audit().periods())
        .filteredOn(period -> period.period().equals(FEBRUARY))
        .extracting(period -> period.mode())
        .containsExactly(PeriodMode.FILL);
    bed.seal(null);
    assertThat(bed.replay(bed.plan("replay-15", ReplayRange.ofOffsets()), false).state())
        .isEqualTo(ReplayResult.State.PUBLISHED);
    assertThat(contents()).containsExactlyInAnyOrderElementsOf(expectedContents());
  }

  @Test
  void aSealInBetweenIsFoundAndTheReplayIsPlannedAgain() throws Exception {
    List<String> rows = rows();
    bed.harm(FEBRUARY, everyThird(GONE));
    ReplayPlan plan = bed.plan("replay-16", ReplayRange.ofOffsets());
    AtomicInteger commits = new AtomicInteger();
    bed.lake()
        .inject(
            LakeTables.silver(HistoryRecords.ENTITY),
            swap -> {
              if (commits.incrementAndGet() == 2) {
                bed.lake().inject(LakeTables.silver(HistoryRecords.ENTITY), null);
                bed.lake().rewrite(LakeTables.silver(HistoryRecords.ENTITY));
              }
              swap.run();
            });

    ReplayResult result = bed.replay(plan, false);

    assertThat(result.state()).isEqualTo(ReplayResult.State.PUBLISHED);
    assertThat(rows()).containsExactlyInAnyOrderElementsOf(rows);
  }

  @Test
  void twoReplaysOfOnePeriodDoNotOverwriteEachOther() throws Exception {
    List<String> rows = rows();
    bed.harm(FEBRUARY, everyThird(GONE));
    ReplayPlan first = bed.plan("replay-first", ReplayRange.ofOffsets());
    ReplayPlan second = bed.plan("replay-second", ReplayRange.ofOffsets());
    AtomicInteger commits = new AtomicInteger();
    bed.lake()
        .inject(
            LakeTables.silver(HistoryRecords.ENTITY),
            swap -> {
              if (commits.incrementAndGet() == 2) {
                bed.lake().inject(LakeTables.silver(HistoryRecords.ENTITY), null);
                replay(second);
              }
              swap.run();
            });

    ReplayResult result = bed.replay(first, false);

    assertThat(result.state()).isEqualTo(ReplayResult.State.UNCHANGED);
    assertThat(rows()).containsExactlyInAnyOrderElementsOf(rows);
  }

  private void replay(ReplayPlan plan) {
    try {
      assertThat(bed.replay(plan, false).state()).isEqualTo(ReplayResult.State.PUBLISHED);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void missingRowsOfAnOpenPeriodComeThroughTheLiveJob() throws Exception {
    bed.log.send();
    for (int i = 0; i < 40; i++) {
      bed.log.send();
    }
    bed.commitAll();
    assertThat(bed.sealed()).doesNotContain(FEBRUARY);
    bed.harm(FEBRUARY, newestOnly());
    bed.restartLive();
    Map<String, String> expected = bed.log.expected().newest;

    ReplayResult result = bed.replay(bed.plan("replay-17", ReplayRange.ofOffsets()), false);

    assertThat(result.state()).isEqualTo(ReplayResult.State.PUBLISHED);
    assertThat(result.audit().rows().get("added")).isPositive();
    assertThat(HistoryTables.newest(bed.rows())).isEqualTo(expected);
    assertThat(bed.replay(bed.plan("replay-18", ReplayRange.ofOffsets()), false).state())
        .isEqualTo(ReplayResult.State.UNCHANGED);
  }

  @Test
  void aReplayThatDiedAtAnyPointIsResumed() throws Exception {
    List<String> rows = rows();
    for (String point :
        List.of(
            "replay.staged",
            "replay.publish.period-written",
            "replay.publish.planned",
            "replay.publish.committed",
            "replay.published")) {
      bed.harm(FEBRUARY, everyThird(GONE));
      ReplayPlan plan = bed.plan("replay-" + point, ReplayRange.ofOffsets());
      bed.dieAfter(20);
      assertThatThrownBy(() -> bed.replay(plan, false))
          .isInstanceOf(CoreHistory.InjectedFault.class);
      System.setProperty("finks.fault-points", point + ":fail");
      assertThatThrownBy(() -> bed.replay(plan, false)).isInstanceOf(UncheckedIOException.class);
      System.clearProperty("finks.fault-points");

      bed.replay(plan, false);

      assertThat(rows()).as(point).containsExactlyInAnyOrderElementsOf(rows);
      assertThat(bed.lake().catalog().tables(StagedTables.STAGING)).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aReplacementWhoseAnswerWasLostIsLookedUp(boolean saysConflict) throws Exception {
    List<String> rows = rows();
    bed.harm(FEBRUARY, everyThird(GONE));
    bed.lake()
        .inject(
            LakeTables.silver(HistoryRecords.ENTITY),
            swap -> {
              swap.run();
              if (bed.snapshot().summary().containsKey(ReplaySummary.COMMIT)) {
                bed.lake().inject(LakeTables.silver(HistoryRecords.ENTITY), null);
                throw saysConflict
                    ? new CommitFailedException("says that it lost")
                    : new CommitStateUnknownException(new IllegalStateException("no answer"));
              }
            });

    ReplayResult result = bed.replay(bed.plan("replay-19", ReplayRange.ofOffsets()), false);

    assertThat(result.state()).isEqualTo(ReplayResult.State.PUBLISHED);
    assertThat(rows()).containsExactlyInAnyOrderElementsOf(rows);
  }

  @Test
  void aReplacementThatLostAllRacesIsPlannedAgain() throws Exception {
    List<String> rows = rows();
    bed.harm(FEBRUARY, everyThird(GONE));
    bed.silver().updateProperties().set("commit.retry.num-retries", "0").commit();
    AtomicInteger commits = new AtomicInteger();
    bed.lake()
        .inject(
            LakeTables.silver(HistoryRecords.ENTITY),
            swap -> {
              if (commits.incrementAndGet() == 2) {
                bed.lake().inject(LakeTables.silver(HistoryRecords.ENTITY), null);
                throw new CommitFailedException("lost");
              }
              swap.run();
            });

    ReplayResult result = bed.replay(bed.plan("replay-20", ReplayRange.ofOffsets()), false);

    assertThat(result.state()).isEqualTo(ReplayResult.State.PUBLISHED);
    assertThat(rows()).containsExactlyInAnyOrderElementsOf(rows);
  }

  @Test
  void aRunThatLosesToAnotherOneOfTheSameReplayTakesNoneOfItsFilesAway() throws Exception {
    List<String> rows = rows();
    bed.harm(FEBRUARY, everyThird(GONE));
    ReplayPlan plan = bed.plan("replay-21", ReplayRange.ofOffsets());
    AtomicInteger commits = new AtomicInteger();
    bed.lake()
        .inject(
            LakeTables.silver(HistoryRecords.ENTITY),
            swap -> {
              if (commits.incrementAndGet() == 2) {
                bed.lake().inject(LakeTables.silver(HistoryRecords.ENTITY), null);
                replay(plan);
              }
              swap.run();
            });

    // The other run has thrown away what was staged.
    assertThatThrownBy(() -> bed.replay(plan, false)).hasMessageContaining("staging.replay_21");

    assertThat(rows()).containsExactlyInAnyOrderElementsOf(rows);
  }

  @Test
  void aReplacementThatFailsIsNotTakenForAnEarlierOneOfTheSameReplay() throws Exception {
    List<String> rows = rows();
    ReplayPlan plan = bed.plan("replay-22", ReplayRange.ofOffsets());
    bed.harm(FEBRUARY, everyThird(GONE));
    failAt("replay.publish.committed", plan);
    assertThat(rows()).containsExactlyInAnyOrderElementsOf(rows);
    bed.harm(FEBRUARY, everyThird(GONE));

    failAt("replay.publish.planned", plan);

    assertThat(rows()).hasSizeLessThan(rows.size());
    assertThat(bed.replay(plan, false).state()).isEqualTo(ReplayResult.State.PUBLISHED);
    assertThat(rows()).containsExactlyInAnyOrderElementsOf(rows);
  }

  @Test
  void accountingIsEnteredOnceHoweverLateTheReplayIsResumed() throws Exception {
    ReplayPlan plan = bed.plan("replay-23", ReplayRange.ofOffsets());
    bed.harm(FEBRUARY, everyThird(GONE));
    failAt("replay.published", plan);
    long entered = accountingRows("replay-23");
    assertThat(entered).isPositive();
    lateRow();
    Table accounting = bed.lake().catalog().load(LakeTables.ACCOUNTING);
    accounting.expireSnapshots().expireOlderThan(System.currentTimeMillis()).retainLast(1).commit();

    bed.replay(plan, false);

    assertThat(accountingRows("replay-23")).isEqualTo(entered);
  }

  private void failAt(String point, ReplayPlan plan) {
    System.setProperty("finks.fault-points", point + ":fail");
    assertThatThrownBy(() -> bed.replay(plan, false)).isInstanceOf(UncheckedIOException.class);
    System.clearProperty("finks.fault-points");
  }

  private long accountingRows(String replayId) throws Exception {
    long count = 0;
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(bed.lake().catalog().load(LakeTables.ACCOUNTING)).build()) {
      for (Record row : rows) {
        count += replayId.equals(row.getField("writer_id")) ? 1 : 0;
      }
    }
    return count;
  }

  private void lateRow() {
    try {
      for (int i = 0; i < 20; i++) {
        bed.log.send();
      }
      bed.commitAll();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private GenericRowData restated(GenericRowData row) {
    row.setField(
        ReplayBed.column(bed.silver(), "amount"), DecimalData.fromUnscaledLong(12_345, 18, 2));
    return row;
  }

  private static boolean isOf(GenericRowData row, int column, String value) {
    return row.getString(column).toString().equals(value);
  }

  private static UnaryOperator<@Nullable GenericRowData> everyThird(
      UnaryOperator<@Nullable GenericRowData> change) {
    AtomicInteger count = new AtomicInteger();
    return row -> count.incrementAndGet() % 3 == 0 ? change.apply(row) : row;
  }

  /** Takes away rows of the last messages: no newer version of their keys is there. */
  private UnaryOperator<@Nullable GenericRowData> newestOnly() {
    int offset = ReplayBed.column(bed.silver(), "_offset");
    int partition = ReplayBed.column(bed.silver(), "_partition");
    return row ->
        row.getLong(offset) >= bed.log.partition(row.getInt(partition)).size() - 5 ? null : row;
  }

  private static ReplayRange event(String from, String to) {
    return ReplayRange.of(ReplayRange.By.EVENT, micros(from), micros(to));
  }

  private static long micros(String instant) {
    return Instant.parse(instant).getEpochSecond() * 1_000_000L;
  }

  /** All rows with their coordinates. */
  private List<String> rows() throws Exception {
    return bed.rows().stream().map(ReplayTest::text).collect(Collectors.toList());
  }

  private List<String> rows(String period) throws Exception {
    return bed.rows().stream()
        .filter(row -> period.equals(row.getField("year") + "-" + row.getField("month")))
        .map(ReplayTest::text)
        .collect(Collectors.toList());
  }

  private static String text(Record row) {
    return String.join(
        "/",
        List.of(
            String.valueOf(row.getField("_source")),
            String.valueOf(row.getField("_partition")),
            String.valueOf(row.getField("_offset")),
            String.valueOf(row.getField("id")),
            String.valueOf(row.getField("at")),
            String.valueOf(row.getField("amount")),
            String.valueOf(row.getField("_version")),
            String.valueOf(row.getField("_batch_id"))));
  }

  private List<String> contents() throws Exception {
    return bed.rows().stream().map(HistoryTables::content).collect(Collectors.toList());
  }

  private List<String> expectedContents() {
    List<String> contents = new ArrayList<>();
    bed.log.expected().rows.forEach(row -> contents.add(row.split("/", 3)[2]));
    return contents;
  }
}
