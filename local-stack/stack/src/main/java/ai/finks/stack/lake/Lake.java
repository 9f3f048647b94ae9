package ai.finks.stack.lake;

import ai.finks.flink.table.CatalogConfig;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.stack.home.FinksHome;
import java.nio.file.Files;
import java.util.Map;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;

/** The tables of a home, open for reading. */
public final class Lake implements AutoCloseable {
  private final LakeCatalog catalog;

  private Lake(LakeCatalog catalog) {
    this.catalog = catalog;
  }

  /** Whether the home has a catalog. */
  public static boolean existsIn(FinksHome home) {
    return Files.exists(home.catalogFile());
  }

  /** Opens the catalog of a home that has one. */
  public static Lake open(FinksHome home) {
    return new Lake(LakeCatalog.open(CatalogConfig.of(catalogSettings(home), root(home))));
  }

  /** Where the tables lie. */
  public static String root(FinksHome home) {
    return home.lake().toString();
  }

  /** The settings by which every process of the stack opens the home's catalog. */
  public static Map<String, String> catalogSettings(FinksHome home) {
    return Map.of(
        "catalog.uri",
        "jdbc:sqlite:" + home.catalogFile() + "?busy_timeout=60000&journal_mode=WAL");
  }

  /** The catalog itself. */
  public LakeCatalog catalog() {
    return catalog;
  }

  /** A table at its newest snapshot. */
  public Table load(TableIdentifier identifier) {
    return catalog.load(identifier);
  }

  @Override
  public void close() throws java.io.IOException {
    catalog.close();
  }
}
