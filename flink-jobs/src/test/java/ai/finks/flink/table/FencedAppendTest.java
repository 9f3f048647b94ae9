package ai.finks.flink.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.finks.flink.table.FencedAppend.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FencedAppendTest {
  private static final StreamPartition P0 = StreamPartition.of("fmp.bars.raw.v1", "id-1", 0);
  private static final StreamPartition P1 = StreamPartition.of("fmp.bars.raw.v1", "id-1", 1);
  private static final StreamPartition OTHER = StreamPartition.of("fmp.quotes.raw.v1", "id-2", 0);

  @TempDir Path home;
  private LakeCatalog catalog;
  private Table table;

  @BeforeEach
  void createTable() {
    catalog = TestCatalog.create(home);
    LakeTables.createShared(catalog, home.resolve("lake").toString());
    table = catalog.load(LakeTables.BRONZE_FILES);
  }

  @AfterEach
  void close() throws IOException {
    catalog.close();
  }

  @Test
  void offsetsAndCountsTravelWithTheFiles() {
    Outcome outcome = append("me", P0, 0, 10);
    append("me", P0, 10, 15);
    append("me", P1, 0, 3);

    table.refresh();
    Carrier carrier = Carrier.newest(RecordedOffsets.metadata(table)).orElseThrow();
    assertThat(outcome).isEqualTo(Outcome.COMMITTED);
    assertThat(carrier.offsets()).containsExactlyInAnyOrderEntriesOf(Map.of(P0, 15L, P1, 3L));
    assertThat(carrier.counts().get(P0).get("read")).isEqualTo(15);
    assertThat(carrier.writerId()).isEqualTo("me");
    assertThat(records()).isEqualTo(18);
  }

  @Test
  void rangeThatDoesNotBeginWhereTheTableStandsIsFenced() {
    append("me", P0, 0, 10);

    assertThatThrownBy(() -> append("me", P0, 12, 20)).isInstanceOf(FencedException.class);
    assertThatThrownBy(() -> append("me", P0, 5, 20))
        .isInstanceOf(FencedException.class)
        .hasMessageContaining("stands at 10, mine is [5, 20)");
    assertThat(records()).isEqualTo(10);
  }

  @Test
  void secondCopyIsFencedAlthoughTheTableIsPastItsRange() {
    append("newcomer", P0, 0, 10);
    append("newcomer", P0, 10, 20);

    assertThatThrownBy(() -> append("zombie", P0, 0, 10)).isInstanceOf(FencedException.class);
    assertThat(records()).isEqualTo(20);
  }

  @Test
  void rangeOutOfRestoredStateIsRecognisedAsThere() {
    append("before", P0, 0, 10);
    append("before", P0, 10, 20);

    Outcome outcome =
        FencedAppend.commit(
            table,
            Map.of(P0, range(0, 10)),
            List.of(TestCatalog.file(10)),
            CommitOrigin.restored("job", "after", 1));

    assertThat(outcome).isEqualTo(Outcome.ALREADY_THERE);
    assertThat(records()).isEqualTo(20);
  }

  @Test
  void ownRangeIsRecognisedAfterItsAnswerWasLost() {
    append("me", P0, 0, 10);

    assertThat(append("me", P0, 0, 10)).isEqualTo(Outcome.ALREADY_THERE);
    assertThat(records()).isEqualTo(10);
  }

  @Test
  void commitThatLandsButFailsCountsOnce() {
    FaultyOperations faults = new FaultyOperations(operations());
    faults.failAfterCommit = new IllegalStateException("connection lost");

    Outcome outcome = appendTo(new BaseTable(faults, "t"), "me", P0, 0, 10);

    assertThat(outcome).isEqualTo(Outcome.COMMITTED);
    assertThat(records()).isEqualTo(10);
  }

  @Test
  void commitThatFailsWithoutLandingIsNotRepeatedBlindly() {
    FaultyOperations faults = new FaultyOperations(operations());
    faults.failBeforeCommit = new IllegalStateException("connection lost");

    assertThatThrownBy(() -> appendTo(new BaseTable(faults, "t"), "me", P0, 0, 10))
        .hasMessageContaining("connection lost");
    assertThat(records()).isZero();
    assertThat(append("me", P0, 0, 10)).isEqualTo(Outcome.COMMITTED);
  }

  @Test
  void writerThatSlipsInBeforeTheCommitFencesIt() {
    FaultyOperations faults = new FaultyOperations(operations());
    faults.beforeCommit = () -> appendTo(load(), "thief", P0, 0, 7);

    assertThatThrownBy(() -> appendTo(new BaseTable(faults, "t"), "me", P0, 0, 10))
        .isInstanceOf(FencedException.class);
    assertThat(records()).isEqualTo(7);
  }

  @Test
  void otherPipelineThatSlipsInIsKept() {
    FaultyOperations faults = new FaultyOperations(operations());
    faults.beforeCommit = () -> appendTo(load(), "neighbour", OTHER, 0, 7);

    Outcome outcome = appendTo(new BaseTable(faults, "t"), "me", P0, 0, 10);

    table.refresh();
    assertThat(outcome).isEqualTo(Outcome.COMMITTED);
    assertThat(RecordedOffsets.of(table))
        .containsExactlyInAnyOrderEntriesOf(Map.of(P0, 10L, OTHER, 7L));
    assertThat(records()).isEqualTo(17);
  }

  @Test
  void hundredsOfRacingCommitsOfSeveralPipelinesAllLandOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(3);
    List<Future<Integer>> writers = new ArrayList<>();
    for (int w = 0; w < 3; w++) {
      StreamPartition partition = StreamPartition.of("topic" + w, "id", 0);
      writers.add(threads.submit(commits(partition, 15)));
    }
    for (Future<Integer> writer : writers) {
      assertThat(writer.get(60, TimeUnit.SECONDS)).isEqualTo(15);
    }
    threads.shutdown();

    table.refresh();
    assertThat(RecordedOffsets.of(table).values()).containsExactly(150L, 150L, 150L);
    assertThat(records()).isEqualTo(450);
  }

  @Test
  void submissionThatWasReplacedIsFencedEvenWhereItsRangeFits() {
    claim("zombie", Duration.ZERO);
    append("zombie", P0, 0, 10);
    claim("newcomer", Duration.ZERO);

    assertThatThrownBy(() -> appendAfterClaim("zombie", P0, 10, 20))
        .isInstanceOf(FencedException.class)
        .hasMessageContaining("newcomer")
        .hasMessageContaining("taken over");
    assertThatThrownBy(() -> claim("zombie", Duration.ZERO)).isInstanceOf(FencedException.class);
    assertThat(appendAfterClaim("newcomer", P0, 10, 20)).isEqualTo(Outcome.COMMITTED);
    assertThat(records()).isEqualTo(20);
  }

  private Outcome appendAfterClaim(String writer, StreamPartition partition, long start, long end) {
    return FencedAppend.commit(
        table,
        Map.of(partition, range(start, end)),
        List.of(TestCatalog.file(end - start)),
        CommitOrigin.live("job", writer, 1).afterClaim());
  }

  @Test
  void claimYieldsToAYoungSignOfLife() {
    claim("first", Duration.ZERO);

    assertThatThrownBy(() -> claim("second", Duration.ofMinutes(1)))
        .isInstanceOf(JobStoppedException.class)
        .hasMessageContaining("take-over=true");
    claim("first", Duration.ofMinutes(1));
    claim("second", Duration.ZERO);
  }

  @Test
  void submissionsOfOtherTopicsAreNeitherYieldedToNorReplaced() {
    CommitOrigin bars = CommitOrigin.live("job", "bars", 0).about(List.of("bars")).afterClaim();
    Ownership.claim(table, bars, Duration.ofMinutes(1), false);
    Ownership.claim(
        table,
        CommitOrigin.live("job", "quotes", 0).about(List.of("quotes")),
        Duration.ofMinutes(1),
        false);

    FencedAppend.commit(table, Map.of(P0, range(0, 10)), List.of(TestCatalog.file(10)), bars);
    Ownership.claim(
        table,
        CommitOrigin.live("job", "both", 0).about(List.of("quotes", "bars")),
        Duration.ZERO,
        false);

    assertThatThrownBy(() -> Ownership.renew(table, bars)).hasMessageContaining("both");
    assertThat(records()).isEqualTo(10);
  }

  @Test
  void signOfLifeRenewsTheCarrierAndMovesNothing() {
    append("me", P0, 0, 10);
    FencedAppend.commit(
        table,
        Map.of(OTHER, range(0, 7)),
        List.of(TestCatalog.file(7)),
        CommitOrigin.live("another job", "neighbour", 1));
    Carrier before = Carrier.newest(RecordedOffsets.metadata(table)).orElseThrow();
    CommitOrigin me = CommitOrigin.live("job", "me", 2);

    claim("me", Duration.ZERO);
    Ownership.renew(table, me.afterClaim());
    table.refresh();
    SnapshotExpiry.expire(table, Long.MAX_VALUE, 0);
    table.refresh();

    Carrier after = Carrier.newest(RecordedOffsets.metadata(table)).orElseThrow();
    assertThat(after.timestampMillis()).isGreaterThan(before.timestampMillis());
    assertThat(after.offsets()).isEqualTo(before.offsets());
    assertThat(after.counts()).isEqualTo(before.counts());
    assertThat(table.snapshots()).hasSize(1);
    assertThat(records()).isEqualTo(17);
  }

  private void claim(String writer, Duration yieldTo) {
    Ownership.claim(table, CommitOrigin.live("job", writer, 0), yieldTo, false);
  }

  @Test
  void offsetsAreFoundBehindMaintenanceCommits() {
    append("me", P0, 0, 10);
    table.refresh();
    table.newAppend().appendFile(TestCatalog.file(1)).commit();

    assertThat(RecordedOffsets.of(table)).containsEntry(P0, 10L);
    assertThat(append("me", P0, 10, 20)).isEqualTo(Outcome.COMMITTED);
  }

  @Test
  void dataWithoutOffsetsStopsTheJob() {
    table.newAppend().appendFile(TestCatalog.file(1)).commit();

    assertThatThrownBy(() -> RecordedOffsets.of(table))
        .isInstanceOf(JobStoppedException.class)
        .hasMessageContaining(Carrier.OFFSETS);
  }

  @Test
  void expiryKeepsTheNewestCarrierAndAllAfterIt() {
    for (int i = 0; i < 5; i++) {
      append("me", P0, i * 10, i * 10 + 10);
    }
    table.refresh();
    table.newAppend().appendFile(TestCatalog.file(1)).commit();

    SnapshotExpiry.expire(table, Long.MAX_VALUE, 0);

    table.refresh();
    assertThat(table.snapshots()).hasSize(2);
    assertThat(RecordedOffsets.of(table)).containsEntry(P0, 50L);
  }

  @Test
  void lowestOffsetOfSeveralTablesCountsMissingAsZero() {
    append("me", P0, 0, 10);
    table.refresh();
    Table empty = catalog.load(LakeTables.ACCOUNTING);

    assertThat(RecordedOffsets.lowest(List.of(table, empty), List.of(P0))).containsEntry(P0, 0L);
    assertThat(RecordedOffsets.lowest(List.of(table), List.of(P0, P1)))
        .containsExactlyInAnyOrderEntriesOf(Map.of(P0, 10L, P1, 0L));
  }

  private Callable<Integer> commits(StreamPartition partition, int count) {
    return () -> {
      try (LakeCatalog own = LakeCatalog.open(TestCatalog.config(home))) {
        Table mine = own.load(LakeTables.BRONZE_FILES);
        for (int i = 0; i < count; i++) {
          appendTo(mine, partition.topic(), partition, i * 10, i * 10 + 10);
        }
      }
      return count;
    };
  }

  private Table load() {
    return catalog.load(LakeTables.BRONZE_FILES);
  }

  private TableOperations operations() {
    return ((HasTableOperations) load()).operations();
  }

  private Outcome append(String writer, StreamPartition partition, long start, long end) {
    return appendTo(table, writer, partition, start, end);
  }

  private static Outcome appendTo(
      Table table, String writer, StreamPartition partition, long start, long end) {
    return FencedAppend.commit(
        table,
        Map.of(partition, range(start, end)),
        List.of(TestCatalog.file(end - start)),
        CommitOrigin.live("job", writer, 1));
  }

  private static OffsetRange range(long start, long end) {
    return OffsetRange.of(start, end, Counts.of(Map.of("read", end - start)));
  }

  private long records() {
    Snapshot snapshot = load().currentSnapshot();
    return snapshot == null ? 0 : Long.parseLong(snapshot.summary().get("total-records"));
  }

  /** Fails once, before or after the commit reaches the catalog. */
  private static final class FaultyOperations extends ForwardingTableOperations {
    RuntimeException failBeforeCommit;
    RuntimeException failAfterCommit;
    Runnable beforeCommit;

    FaultyOperations(TableOperations operations) {
      super(operations);
    }

    @Override
    public void commit(TableMetadata base, TableMetadata updated) {
      if (failBeforeCommit != null) {
        throw failBeforeCommit;
      }
      if (beforeCommit != null) {
        Runnable once = beforeCommit;
        beforeCommit = null;
        once.run();
      }
      super.commit(base, updated);
      if (failAfterCommit != null) {
        throw failAfterCommit;
      }
    }
  }
}
