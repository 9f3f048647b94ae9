package ai.finks.bench.variant;

import ai.finks.bench.feed.QuoteEnvelopes;
import ai.finks.flink.silver.keys.KeyDirectory;
import ai.finks.flink.table.CatalogConfig;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.RecordedOffsets;
import ai.finks.schemas.SchemaCatalog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;

/** The lake of one lap: the platform's tables in the lap's folder, and the jobs' keys for it. */
public final class LapLake implements AutoCloseable {
  /** Every table that the silver pipeline commits to. */
  public static final List<TableIdentifier> PIPELINE =
      List.of(
          LakeTables.silver(QuoteEnvelopes.ENTITY),
          LakeTables.quarantine(QuoteEnvelopes.ENTITY),
          LakeTables.marks(QuoteEnvelopes.ENTITY),
          LakeTables.ACCOUNTING);

  private final Path folder;
  private final LakeCatalog catalog;

  private LapLake(Path folder, LakeCatalog catalog) {
    this.folder = folder;
    this.catalog = catalog;
  }

  /** Creates tables and secret keys in an empty folder. */
  static LapLake create(Path folder, Path schemas) {
    LakeCatalog.initialise(config(folder));
    LapLake lake = open(folder);
    SchemaCatalog contracts = SchemaCatalog.load(schemas);
    LakeTables.createMissing(lake.catalog, root(folder), contracts.contracts());
    KeyDirectory.createMissing(keys(folder), contracts.contracts(), entity -> false);
    return lake;
  }

  /** Opens what {@link #create} made. */
  public static LapLake open(Path folder) {
    return new LapLake(folder, LakeCatalog.open(config(folder)));
  }

  private static CatalogConfig config(Path folder) {
    return CatalogConfig.of(catalogKeys(folder), root(folder));
  }

  private static Map<String, String> catalogKeys(Path folder) {
    return Map.of(
        "catalog.uri",
        "jdbc:sqlite:" + folder.resolve("finks.db") + "?busy_timeout=60000&journal_mode=WAL");
  }

  private static String root(Path folder) {
    return folder.resolve("lake").toString();
  }

  static Path keys(Path folder) {
    return folder.resolve("keys");
  }

  /** Keys that every job of ours takes. */
  Map<String, String> jobKeys(VariantSetup setup) {
    Map<String, String> keys = new TreeMap<>(catalogKeys(folder));
    keys.put("lake.root", root(folder));
    keys.put("kafka.bootstrap-servers", setup.bootstrapServers());
    keys.put("registry.url", setup.registryUrl());
    keys.put("checkpoint.interval", setup.commitInterval().toSeconds() + "s");
    keys.put("parallelism", Integer.toString(setup.parallelism()));
    return keys;
  }

  public Table table(TableIdentifier identifier) {
    return catalog.load(identifier);
  }

  /** Whether tables have recorded so many offsets, over all partitions. */
  boolean reached(List<TableIdentifier> tables, long records) {
    return tables.stream().allMatch(table -> recorded(table(table)) >= records);
  }

  private static long recorded(Table table) {
    return RecordedOffsets.of(table).values().stream().mapToLong(Long::longValue).sum();
  }

  @Override
  public void close() throws IOException {
    catalog.close();
  }
}
