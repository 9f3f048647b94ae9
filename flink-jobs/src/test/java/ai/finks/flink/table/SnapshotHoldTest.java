package ai.finks.flink.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.inmemory.InMemoryCatalog;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Holds are taken and let go beside a job that commits. */
class SnapshotHoldTest {
  private static final TableIdentifier NAME = TableIdentifier.of("silver", "bars_versions");

  private final InMemoryCatalog catalog = new InMemoryCatalog();

  @BeforeEach
  void createTable() {
    catalog.initialize("memory", Map.of());
    catalog.createNamespace(Namespace.of("silver"));
    catalog.createTable(
        NAME, new Schema(Types.NestedField.required(1, "symbol", Types.StringType.get())));
  }

  @AfterEach
  void closeCatalog() throws Exception {
    catalog.close();
  }

  @Test
  void commitThatComesInBetweenDelaysAHoldAndNothingMore() {
    long first = commit();
    Table seen = catalog.loadTable(NAME);
    commit();

    SnapshotHold.take(seen, "seal-1", first, Duration.ofHours(1), Clock.systemUTC());
    assertThat(catalog.loadTable(NAME).refs().get("seal-1").snapshotId()).isEqualTo(first);

    SnapshotHold.take(seen, "seal-2", first, Duration.ofHours(1), Clock.systemUTC());
    commit();
    SnapshotHold.release(seen, "seal-1");
    commit();
    SnapshotHold.releaseAll(seen, "seal-");
    assertThat(catalog.loadTable(NAME).refs()).containsOnlyKeys("main");
  }

  @Test
  void holdEndsWhenTheGivenClockSaysSo() {
    Instant taken = Instant.now().plus(Duration.ofDays(3));
    long held = commit();
    long after = commit();
    commit();

    Clock clock = Clock.fixed(taken, ZoneOffset.UTC);
    SnapshotHold.take(catalog.loadTable(NAME), "seal-1", held, Duration.ofHours(1), clock);

    assertThat(expirableAt(taken.plus(Duration.ofMinutes(59)))).isEmpty();
    assertThat(expirableAt(taken.plus(Duration.ofMinutes(61))))
        .as("the tag keeps its own snapshot for as long as Iceberg's clock says")
        .containsExactly(after);
  }

  private List<Long> expirableAt(Instant now) {
    Instant all = Instant.now().plus(Duration.ofDays(1));
    return SnapshotExpiry.expirable(catalog.loadTable(NAME), all, now).stream()
        .map(Snapshot::snapshotId)
        .collect(Collectors.toList());
  }

  private long commit() {
    Table table = catalog.loadTable(NAME);
    table.newAppend().commit();
    return table.currentSnapshot().snapshotId();
  }
}
