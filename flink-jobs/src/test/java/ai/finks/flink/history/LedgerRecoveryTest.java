package ai.finks.flink.history;

import static ai.finks.flink.history.KeptObjects.ELEVEN_O_CLOCK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.finks.flink.bronze.io.LedgerRecovery;
import ai.finks.flink.rebuild.LakeRecovery;
import ai.finks.flink.stream.AcceptedGaps;
import ai.finks.flink.table.CatalogLoader;
import ai.finks.flink.table.CommitOrigin;
import ai.finks.flink.table.Counts;
import ai.finks.flink.table.FencedAppend;
import ai.finks.flink.table.JobStoppedException;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.OffsetRange;
import ai.finks.flink.table.Ownership;
import ai.finks.flink.table.RecordedOffsets;
import ai.finks.flink.table.StreamPartition;
import ai.finks.flink.table.TestCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerRecoveryTest {
  private static final String TOPIC = "fmp.bars.raw.v1";
  private static final StreamPartition PARTITION = StreamPartition.of(TOPIC, "stream-1", 3);
  private static final long FAR = 5_000_000_000L;

  @TempDir Path home;
  private final List<String> progress = new ArrayList<>();
  private LakeCatalog catalog;

  @BeforeEach
  void open() {
    catalog = TestCatalog.create(home);
  }

  @AfterEach
  void close() throws IOException {
    catalog.close();
  }

  @Test
  void offsetsOfALongLivedTopicAreRecovered() throws Exception {
    KeptObjects kept = objects();
    add(kept, 3);
    kept.goOnAt(FAR);
    add(kept, 4);

    recover(TOPIC + ":3:3-" + (FAR - 1));

    assertThat(RecordedOffsets.of(ledger())).isEqualTo(Map.of(PARTITION, FAR + 4));
    try (BronzeOrigin bronze = origin()) {
      assertThat(bronze.held(List.of(TOPIC)).ends()).isEqualTo(Map.of(PARTITION, FAR + 4));
    }
  }

  @Test
  void recoveryThatAGapStoppedIsDoneWhenTheGapIsAccepted() throws Exception {
    KeptObjects kept = objects();
    kept.goOnAt(2);
    add(kept, 3);
    kept.skip();
    add(kept, 1);

    assertThatThrownBy(this::recover)
        .isInstanceOf(JobStoppedException.class)
        .hasMessageContaining(TOPIC + " partition 3 offsets 0 to 1 of stream stream-1")
        .hasMessageContaining(TOPIC + " partition 3 offsets 5 to 5 of stream stream-1")
        .hasMessageEndingWith("--accept-gap " + TOPIC + ":3:0-1," + TOPIC + ":3:5-5");
    assertThat(catalog.exists(LakeTables.BRONZE_FILES)).isFalse();
    recover(TOPIC + ":3:0-1", TOPIC + ":3:5-5");

    assertThat(RecordedOffsets.of(ledger())).isEqualTo(Map.of(PARTITION, 7L));
    assertThat(ledger().history()).hasSize(1);
  }

  @Test
  void emptyLedgerOverObjectsIsNoLedger() throws Exception {
    LakeTables.createShared(catalog, lake());
    add(objects(), 3);

    recover();

    assertThat(RecordedOffsets.of(ledger())).isEqualTo(Map.of(PARTITION, 3L));
  }

  @Test
  void ledgerThatAJobOnlyClaimedIsNoLedgerEither() throws Exception {
    LakeTables.createShared(catalog, lake());
    Ownership.claim(ledger(), CommitOrigin.live("bronze", "submission", 0), Duration.ZERO, false);
    add(objects(), 3);

    recover();

    assertThat(RecordedOffsets.of(ledger())).isEqualTo(Map.of(PARTITION, 3L));
  }

  @Test
  void metadataThatACrashCutOffIsPassedOver() throws Exception {
    add(objects(), 3);
    recover();
    ledger().updateProperties().set("a", "b").commit();
    Path newest = metadata().get(metadata().size() - 1);
    byte[] bytes = Files.readAllBytes(newest);

    for (int length : new int[] {bytes.length / 2, 0}) {
      Files.write(newest, Arrays.copyOf(bytes, length));
      catalog.forget(LakeTables.BRONZE_FILES);
      progress.clear();
      recover();

      assertThat(progress)
          .anyMatch(line -> line.contains(newest.getFileName() + " of Bronze's ledger is lost"))
          .anyMatch(line -> line.contains("taken from its metadata 00000-"));
      assertThat(RecordedOffsets.of(ledger())).isEqualTo(Map.of(PARTITION, 3L));
    }
  }

  @Test
  void manifestListThatACrashCutOffMakesTheLedgerAgainFromObjects() throws Exception {
    add(objects(), 3);
    recover();
    Path list = Path.of(ledger().currentSnapshot().manifestListLocation());
    int length = Files.readAllBytes(list).length;

    for (int left : new int[] {length / 2, 0}) {
      list = Path.of(ledger().currentSnapshot().manifestListLocation());
      Files.write(list, Arrays.copyOf(Files.readAllBytes(list), left));
      assertThat(catalog.isReadable(LakeTables.BRONZE_FILES)).isFalse();
      recover();

      assertThat(catalog.isReadable(LakeTables.BRONZE_FILES)).isTrue();
      assertThat(RecordedOffsets.of(ledger())).isEqualTo(Map.of(PARTITION, 3L));
    }
  }

  @Test
  void ledgerWithoutAnyRowOfAPartitionIsFound() throws Exception {
    LakeTables.createShared(catalog, lake());
    Counts counts = Counts.of(Map.of("read", 5L));
    FencedAppend.commit(
        ledger(),
        Map.of(PARTITION, OffsetRange.of(0, 5, counts)),
        List.of(),
        CommitOrigin.live("bronze", "one", 1));

    try (BronzeOrigin bronze = origin()) {
      assertThatThrownBy(() -> bronze.held(List.of(TOPIC)))
          .isInstanceOf(HistoryGapException.class)
          .hasMessageContaining("has entered 5 records, but its ledger names objects with 0");
      assertThat(bronze.held(List.of("fmp.quotes.raw.v1")).isEmpty()).isTrue();
    }
  }

  @Test
  void lostTablesAreMadeAnewButThoseOfOthersStayInTheCatalog() throws Exception {
    TableIdentifier lost = TableIdentifier.of("others", "prices");
    Schema schema = new Schema(NestedField.required(1, "id", Types.LongType.get()));
    LakeTables.createShared(catalog, lake());
    catalog.register(lost, metadataOfATable(schema));
    Files.delete(home.resolve("others.metadata.json"));
    Table own = catalog.load(LakeTables.ACCOUNTING);
    Files.delete(Path.of(((HasTableOperations) own).operations().current().metadataFileLocation()));

    LakeRecovery.prepare(catalog, lake(), List.of(), AcceptedGaps.none(), progress::add);

    assertThat(progress).containsExactly("table accounting.partitions is lost");
    assertThat(catalog.isReadable(LakeTables.ACCOUNTING)).isTrue();
    assertThat(catalog.exists(lost)).isTrue();
    assertThat(catalog.isReadable(lost)).isFalse();
  }

  private String metadataOfATable(Schema schema) throws IOException {
    Path file = home.resolve("others.metadata.json");
    TableMetadata metadata =
        TableMetadata.newTableMetadata(
            schema, PartitionSpec.unpartitioned(), home.resolve("others").toString(), Map.of());
    Files.writeString(file, TableMetadataParser.toJson(metadata));
    return file.toString();
  }

  private KeptObjects objects() {
    return new KeptObjects(Path.of(lake()), PARTITION);
  }

  private static void add(KeptObjects kept, int records) throws Exception {
    for (int i = 0; i < records; i++) {
      kept.add("run", ELEVEN_O_CLOCK);
    }
    kept.commit();
  }

  private void recover(String... gaps) throws IOException {
    AcceptedGaps accepted = AcceptedGaps.parse(List.of(gaps));
    new LedgerRecovery(catalog, lake(), accepted, progress::add).recover();
  }

  private String lake() {
    return home.resolve("lake").toString();
  }

  private Table ledger() {
    return catalog.load(LakeTables.BRONZE_FILES);
  }

  private BronzeOrigin origin() {
    return BronzeOrigin.open(CatalogLoader.of(TestCatalog.config(home)), lake());
  }

  private List<Path> metadata() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(lake(), "bronze/_ledger/metadata"))) {
      return files
          .filter(file -> file.toString().endsWith(".metadata.json"))
          .sorted(Comparator.comparing(Path::getFileName))
          .toList();
    }
  }
}
