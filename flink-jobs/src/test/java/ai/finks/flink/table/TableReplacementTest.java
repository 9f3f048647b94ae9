package ai.finks.flink.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableReplacementTest {
  private static final StreamPartition BARS = StreamPartition.of("fmp.bars.raw.v1", "one", 0);
  private static final StreamPartition QUOTES = StreamPartition.of("fmp.quotes.raw.v1", "two", 0);
  private static final CommitOrigin REBUILD = CommitOrigin.live("silver.bars", "rebuild", 0);

  @TempDir Path home;
  private LakeCatalog catalog;
  private Table table;
  private Table rebuilt;

  @BeforeEach
  void create() {
    catalog = TestCatalog.create(home);
    LakeTables.createShared(catalog, home.resolve("lake").toString());
    table = catalog.load(LakeTables.ACCOUNTING);
    rebuilt = StagedTables.create(catalog, table, StagedTables.identifier("rebuilt"), Map.of());
    append(table, "bars", BARS, 0, 10);
    append(table, "quotes", QUOTES, 0, 5);
  }

  @AfterEach
  void close() throws Exception {
    catalog.close();
  }

  @Test
  void wholeTableIsReplacedInOneCommitWithOffsetsAndCounts() {
    DataFile bars = append(rebuilt, "bars", BARS, 0, 12);
    DataFile quotes = append(rebuilt, "quotes", QUOTES, 0, 5);
    long before = table.currentSnapshot().snapshotId();

    new TableReplacement(rebuilt, REBUILD, "r1").replaceAll(table);
    table.refresh();

    assertThat(files(table)).containsExactlyInAnyOrder(bars.location(), quotes.location());
    assertThat(RecordedOffsets.of(table)).isEqualTo(Map.of(BARS, 12L, QUOTES, 5L));
    assertThat(table.snapshot(before)).isNotNull();
    assertThat(table.currentSnapshot().parentId()).isNull();
    assertThat(TableReplacement.isThere(table, "r1")).isTrue();
    assertThat(new TableReplacement(rebuilt, REBUILD, "r1").replaceAll(table))
        .isEqualTo(FencedAppend.Outcome.ALREADY_THERE);
  }

  @Test
  void whatWasTakenIsNotTakenAgainWhenItsSnapshotHasExpired() {
    DataFile bars = append(rebuilt, "bars", BARS, 0, 12);
    append(rebuilt, "quotes", QUOTES, 0, 5);
    new TableReplacement(rebuilt, REBUILD, "r1").replaceAll(table);
    table.refresh();
    table.newDelete().deleteFile(bars).commit();
    expireAllButTheNewest();

    assertThat(new TableReplacement(rebuilt, REBUILD, "r1").replaceAll(table))
        .isEqualTo(FencedAppend.Outcome.ALREADY_THERE);
    assertThat(TableReplacement.isNewest(table, "r1")).isFalse();
  }

  @Test
  void whatASharedTableTookIsNotTakenAgainWhenItsSnapshotHasExpired() {
    DataFile made = append(rebuilt, "bars", BARS, 0, 12);
    TableReplacement replacement = new TableReplacement(rebuilt, REBUILD, "r1");
    replacement.replaceEntity(table, "bars", List.of(BARS.topic()));
    table.refresh();
    table.newDelete().deleteFile(made).commit();
    expireAllButTheNewest();

    assertThat(replacement.replaceEntity(table, "bars", List.of(BARS.topic())))
        .isEqualTo(FencedAppend.Outcome.ALREADY_THERE);
    assertThat(new TableReplacement(rebuilt, REBUILD, "r2").replaceAll(table))
        .isEqualTo(FencedAppend.Outcome.COMMITTED);
  }

  private void expireAllButTheNewest() {
    table
        .expireSnapshots()
        .expireOlderThan(Long.MAX_VALUE)
        .retainLast(1)
        .cleanExpiredFiles(false)
        .commit();
    table.refresh();
    assertThat(table.snapshots()).hasSize(1);
  }

  @Test
  void onlyTheEntitysRowsAndOffsetsAreReplacedInATableThatOthersShare() {
    Set<String> others = files(table);
    DataFile made = append(rebuilt, "bars", BARS, 0, 12);

    new TableReplacement(rebuilt, REBUILD, "r1")
        .replaceEntity(table, "bars", List.of(BARS.topic()));
    table.refresh();

    assertThat(files(table)).hasSize(2).contains(made.location()).containsAnyElementsOf(others);
    assertThat(RecordedOffsets.of(table)).isEqualTo(Map.of(BARS, 12L, QUOTES, 5L));
  }

  @Test
  void tableThatHasComeFurtherStaysAsItIs() {
    append(rebuilt, "bars", BARS, 0, 9);
    Set<String> before = files(table);
    TableReplacement replacement = new TableReplacement(rebuilt, REBUILD, "r1");

    assertThatThrownBy(() -> replacement.replaceAll(table))
        .isInstanceOf(JobStoppedException.class)
        .hasMessageContaining(BARS + " at 10, rebuilt up to 9");
    assertThatThrownBy(() -> replacement.replaceEntity(table, "bars", List.of(BARS.topic())))
        .isInstanceOf(JobStoppedException.class);
    table.refresh();
    assertThat(files(table)).isEqualTo(before);
  }

  @Test
  void liveJobThatKnowsNothingOfTheRebuildIsFencedByIt() {
    append(rebuilt, "bars", BARS, 0, 10);
    append(rebuilt, "quotes", QUOTES, 0, 5);
    CommitOrigin live = CommitOrigin.live("silver.bars", "live", 7).afterClaim();

    new TableReplacement(rebuilt, REBUILD, "r1").replaceAll(table);

    assertThatThrownBy(
            () ->
                FencedAppend.commit(
                    table, Map.of(BARS, OffsetRange.of(10, 11, Counts.none())), List.of(), live))
        .isInstanceOf(FencedException.class);
  }

  @Test
  void stagedTablesDataFilesStayWhenItIsDropped() {
    append(rebuilt, "bars", BARS, 0, 12);
    new TableReplacement(rebuilt, REBUILD, "r1")
        .replaceEntity(table, "bars", List.of(BARS.topic()));

    StagedTables.dropTaken(catalog, StagedTables.identifier("rebuilt"));

    assertThat(catalog.tables(StagedTables.STAGING)).isEmpty();
    table.refresh();
    assertThat(files(table)).hasSize(2);
  }

  private static DataFile append(
      Table to, String entity, StreamPartition partition, long start, long end) {
    DataFile file =
        DataFiles.builder(to.spec())
            .withPath(to.location() + "/entity=" + entity + "/" + end + to.name() + ".parquet")
            .withPartitionPath("entity=" + entity)
            .withFileSizeInBytes(10)
            .withRecordCount(1)
            .build();
    FencedAppend.commit(
        to,
        Map.of(partition, OffsetRange.of(start, end, Counts.of(Map.of("read", end - start)))),
        List.of(file),
        CommitOrigin.live("silver." + entity, "live", 1));
    return file;
  }

  private static Set<String> files(Table table) {
    return StreamSupport.stream(table.newScan().planFiles().spliterator(), false)
        .map(task -> task.file().location())
        .collect(Collectors.toSet());
  }
}
