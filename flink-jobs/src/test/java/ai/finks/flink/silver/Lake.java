package ai.finks.flink.silver;

import ai.finks.flink.silver.io.Pipeline;
import ai.finks.flink.silver.io.PipelineTable;
import ai.finks.flink.table.Carrier;
import ai.finks.flink.table.CatalogConfig;
import ai.finks.flink.table.CatalogLoader;
import ai.finks.flink.table.CountKind;
import ai.finks.flink.table.FaultyCatalog;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.RecordedOffsets;
import ai.finks.flink.table.RunCounts;
import ai.finks.flink.table.TableSchemas;
import ai.finks.flink.table.TestCatalog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;

/** The tables of one entity in a temporary folder, and what tests ask of them. */
final class Lake implements AutoCloseable {
  private final CatalogConfig config;
  private final String root;
  private final String entity;
  private final LakeCatalog catalog;

  Lake(Path home, String entity) {
    this(TestCatalog.keys(home), home.resolve("lake").toString(), entity);
  }

  /** A lake elsewhere than in a folder. */
  Lake(Map<String, String> catalogKeys, String root, String entity) {
    this.config = CatalogConfig.of(catalogKeys, root);
    this.root = root;
    this.entity = entity;
    LakeCatalog.initialise(config);
    this.catalog = LakeCatalog.open(config);
    LakeTables.createShared(catalog, root());
  }

  String root() {
    return root;
  }

  LakeCatalog catalog() {
    return catalog;
  }

  CatalogLoader loader() {
    return FaultyCatalog.loader(config);
  }

  /** A new submission of the job, with a writer id of its own. */
  Pipeline submission(Map<String, String> sourceOfTopic) {
    return submission(sourceOfTopic, true, Duration.ofMillis(MiniFlink.CHECKPOINT_MILLIS));
  }

  /** A new submission that yields to any writer that was seen within the last minutes. */
  Pipeline yieldingSubmission(Map<String, String> sourceOfTopic) {
    return submission(sourceOfTopic, false, Duration.ofMinutes(1));
  }

  private Pipeline submission(
      Map<String, String> sourceOfTopic, boolean takeOver, Duration checkpointInterval) {
    return new Pipeline(
        entity,
        sourceOfTopic,
        loader(),
        UUID.randomUUID().toString(),
        takeOver,
        checkpointInterval,
        Duration.ofMinutes(10));
  }

  Table table(PipelineTable table) {
    return catalog.load(table.identifier(entity));
  }

  /** Offsets by partition number; the streams of the tests have one topic. */
  Map<Integer, Long> offsets(PipelineTable table) {
    Map<Integer, Long> offsets = new TreeMap<>();
    RecordedOffsets.of(table(table)).forEach((p, offset) -> offsets.put(p.partition(), offset));
    return offsets;
  }

  /** The submission that wrote the newest carrier; none for a new table. */
  String writerOf(PipelineTable table) {
    return Carrier.newest(((HasTableOperations) table(table)).operations().current())
        .map(Carrier::writerId)
        .orElse("");
  }

  long total(PipelineTable table) {
    return offsets(table).values().stream().mapToLong(Long::longValue).sum();
  }

  /** What the table's commits say about the runs behind them: records by run id. */
  Map<String, Long> runs(PipelineTable table) {
    RunCounts runs = RunCounts.none();
    for (Snapshot snapshot : table(table).snapshots()) {
      runs = runs.plus(RunCounts.of(snapshot));
    }
    return runs.records();
  }

  List<Record> rows(PipelineTable table) {
    return rows(table(table));
  }

  static List<Record> rows(Table table) {
    List<Record> rows = new ArrayList<>();
    try (CloseableIterable<Record> read = IcebergGenerics.read(table).build()) {
      read.forEach(rows::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }

  /** Sums of the accounting's columns, over all ranges of the entity and all kinds of records. */
  Map<String, Long> accounting() {
    Map<String, Long> sums = accounting(CountKind.LIVE.label());
    accounting(CountKind.REDRIVEN.label())
        .forEach((count, value) -> sums.merge(count, value, Long::sum));
    return sums;
  }

  /** The same of one kind of records. */
  Map<String, Long> accounting(String kind) {
    Map<String, Long> sums = new TreeMap<>();
    for (Record row : rows(PipelineTable.ACCOUNTING)) {
      if (entity.equals(row.getField("entity")) && kind.equals(row.getField("kind"))) {
        for (String count : TableSchemas.ACCOUNTING_COUNTS) {
          sums.merge(count, (Long) row.getField(count), Long::sum);
        }
      }
    }
    return sums;
  }

  @Override
  public void close() throws IOException {
    catalog.close();
  }
}
