package ai.finks.flink.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.flink.silver.io.PipelineTable;
import ai.finks.flink.table.CommitOrigin;
import ai.finks.flink.table.Counts;
import ai.finks.flink.table.FencedAppend;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.OffsetRange;
import ai.finks.flink.table.StreamPartition;
import ai.finks.flink.table.TableReplacement;
import ai.finks.flink.table.TestCatalog;
import ai.finks.schemas.SchemaCatalog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RebuildTablesTest {
  private static final StreamPartition BARS = StreamPartition.of("fmp.bars.raw.v1", "one", 0);

  @TempDir Path home;
  private LakeCatalog catalog;
  private RebuildTables tables;

  @BeforeEach
  void stage() {
    catalog = TestCatalog.create(home);
    SchemaCatalog schemas = SchemaCatalog.load(Path.of("..", "schemas"));
    LakeTables.createMissing(
        catalog, home.resolve("lake").toString(), List.of(schemas.contract("bars").orElseThrow()));
    tables = new RebuildTables(catalog, "bars", "fingerprint");
    tables.prepare("first");
    tables.load().values().forEach(table -> append(table, 0, 10));
  }

  @AfterEach
  void close() throws IOException {
    catalog.close();
  }

  @Test
  void rebuildThatWasInterruptedGoesOn() {
    publish(PipelineTable.QUARANTINE);

    tables.prepare("second");

    assertThat(tables.rebuildId()).isEqualTo("first");
  }

  @Test
  void rebuildThatWasPublishedBeginsAnewAlsoWhenItsSnapshotsHaveExpired() {
    for (PipelineTable role : PipelineTable.values()) {
      publish(role);
      goOnAndExpire(role);
    }

    tables.prepare("second");

    assertThat(tables.rebuildId()).isEqualTo("second");
    assertThat(tables.load().values()).allMatch(table -> table.currentSnapshot() == null);
  }

  @Test
  void rebuildBeginsAnewWhereATableThatTookItHasMovedOn() {
    publish(PipelineTable.QUARANTINE);
    goOnAndExpire(PipelineTable.QUARANTINE);

    tables.prepare("second");

    assertThat(tables.rebuildId()).isEqualTo("second");
  }

  private void publish(PipelineTable role) {
    Table staged = tables.load().get(role);
    CommitOrigin origin = CommitOrigin.live("silver.bars", "rebuild", 0);
    TableReplacement replacement = new TableReplacement(staged, origin, tables.rebuildId());
    if (role.isShared()) {
      replacement.replaceEntity(target(role), "bars", List.of(BARS.topic()));
    } else {
      replacement.replaceAll(target(role));
    }
  }

  private void goOnAndExpire(PipelineTable role) {
    append(target(role), 10, 11);
    target(role).expireSnapshots().expireOlderThan(Long.MAX_VALUE).retainLast(1).commit();
    assertThat(target(role).snapshots()).hasSize(1);
  }

  private Table target(PipelineTable role) {
    return catalog.load(role.identifier("bars"));
  }

  private static void append(Table table, long start, long end) {
    FencedAppend.commit(
        table,
        Map.of(BARS, OffsetRange.of(start, end, Counts.none())),
        List.of(),
        CommitOrigin.live("silver.bars", "rebuild", 1));
  }
}
