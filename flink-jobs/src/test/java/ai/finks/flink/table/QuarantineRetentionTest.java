package ai.finks.flink.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuarantineRetentionTest {
  private static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");

  @TempDir Path home;
  private LakeCatalog catalog;
  private Table quarantine;

  @BeforeEach
  void createTable() {
    catalog = TestCatalog.create(home);
    LakeTables.createEntity(
        catalog, home.resolve("lake").toString(), "things", List.of(), List.of());
    quarantine = catalog.load(LakeTables.quarantine("things"));
  }

  @AfterEach
  void close() throws Exception {
    catalog.close();
  }

  @Test
  void wholeDaysThatAreOlderGoAndNothingElse() throws Exception {
    append("old", "2026-02-27", "2026-02-27T23:59:59Z");
    append("edge", "2026-02-28", "2026-02-28T00:00:00Z");
    append("late", "2026-02-27", "2026-03-09T08:00:00Z");
    append("silent", "2026-02-27", null);
    append("new", "2026-03-10", "2026-03-10T08:00:00Z");

    QuarantineRetention retention = new QuarantineRetention(10);
    QuarantineRetention.Removal preview = retention.preview(quarantine, NOW);
    assertThat(files()).hasSize(5);
    QuarantineRetention.Removal removal = retention.apply(quarantine, NOW);

    assertThat(files()).containsExactly("edge", "late", "new", "silent");
    assertThat(List.of(preview.days(), removal.days())).containsOnly(1);
    assertThat(List.of(preview.records(), removal.records())).containsOnly(7L);
  }

  @Test
  void offsetsAreStillFoundAndNothingOldMakesNoCommit() throws Exception {
    append("old", "2020-01-01", "2020-01-01T00:00:00Z");
    append("new", "2026-03-10", "2026-03-10T08:00:00Z");
    quarantine.newAppend().set(Carrier.OFFSETS, "{\"t@s\":{\"0\":7}}").commit();

    QuarantineRetention.Daily daily = new QuarantineRetention.Daily();
    daily.committed(quarantine, NOW.toEpochMilli());
    long snapshot = quarantine.currentSnapshot().snapshotId();
    new QuarantineRetention(400).apply(quarantine, NOW);

    assertThat(files()).as("400 days by default").containsExactly("new");
    assertThat(RecordedOffsets.of(quarantine)).containsValue(7L);
    assertThat(quarantine.currentSnapshot().snapshotId()).isEqualTo(snapshot);
  }

  @Test
  void tableKeepsWhatItWasToldTo() {
    assertThat(QuarantineRetention.days(quarantine)).isEqualTo(400);

    QuarantineRetention.set(quarantine, 30);

    assertThat(QuarantineRetention.days(catalog.load(LakeTables.quarantine("things"))))
        .isEqualTo(30);
  }

  private void append(String name, String day, String lastRefused) {
    Map<Integer, ByteBuffer> upper =
        lastRefused == null
            ? Map.of()
            : Map.of(
                quarantine.schema().findField("quarantined_at").fieldId(),
                Conversions.toByteBuffer(
                    Types.TimestampType.withZone(),
                    Instant.parse(lastRefused).toEpochMilli() * 1000));
    String[] levels = day.split("-");
    DataFile file =
        DataFiles.builder(quarantine.spec())
            .withPath(home.resolve("lake").resolve(name + ".parquet").toString())
            .withPartitionPath("year=" + levels[0] + "/month=" + levels[1] + "/day=" + levels[2])
            .withFileSizeInBytes(10)
            .withMetrics(new Metrics(7L, null, null, null, null, Map.of(), upper))
            .build();
    quarantine.newAppend().appendFile(file).commit();
  }

  private TreeSet<String> files() throws Exception {
    TreeSet<String> names = new TreeSet<>();
    quarantine.refresh();
    try (CloseableIterable<FileScanTask> tasks = quarantine.newScan().planFiles()) {
      tasks.forEach(
          task ->
              names.add(
                  Path.of(task.file().location())
                      .getFileName()
                      .toString()
                      .replace(".parquet", "")));
    }
    return names;
  }
}
