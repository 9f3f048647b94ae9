package ai.finks.flink.table;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.PartitionSpec;

/** A catalog on SQLite in a temporary folder. */
public final class TestCatalog {
  private TestCatalog() {}

  public static Map<String, String> keys(Path home) {
    Map<String, String> keys = new HashMap<>();
    keys.put(
        "catalog.uri",
        "jdbc:sqlite:" + home.resolve("finks.db") + "?busy_timeout=60000&journal_mode=WAL");
    return keys;
  }

  public static CatalogConfig config(Path home) {
    return CatalogConfig.of(keys(home), home.resolve("lake").toString());
  }

  public static LakeCatalog create(Path home) {
    CatalogConfig config = config(home);
    LakeCatalog.initialise(config);
    return LakeCatalog.open(config);
  }

  /** Metadata of a file; nothing reads it. */
  static DataFile file(long records) {
    return DataFiles.builder(PartitionSpec.unpartitioned())
        .withPath("/nowhere/" + UUID.randomUUID() + ".parquet")
        .withFileSizeInBytes(10)
        .withRecordCount(records)
        .build();
  }
}
