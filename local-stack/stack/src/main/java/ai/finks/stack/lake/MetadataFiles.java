package ai.finks.stack.lake;

import ai.finks.flink.table.LakeCatalog;
import ai.finks.lineage.follow.CommitFollower;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.io.FileIO;

/** The metadata files of a lake's tables. */
public final class MetadataFiles implements CommitFollower.Tables {
  private static final List<String> NAMESPACES =
      List.of("bronze", "silver", "quarantine", "marks", "accounting", "gold");

  private final LakeCatalog catalog;
  private final Map<String, FileIO> files = new TreeMap<>();

  public MetadataFiles(Lake lake) {
    this.catalog = lake.catalog();
  }

  @Override
  public Map<String, String> metadataLocations() {
    Map<String, String> locations = new TreeMap<>();
    for (String namespace : NAMESPACES) {
      for (TableIdentifier identifier : tables(namespace)) {
        try {
          Table table = catalog.load(identifier);
          String location =
              ((HasTableOperations) table).operations().current().metadataFileLocation();
          locations.put(identifier.toString(), location);
          files.put(location, table.io());
        } catch (NoSuchTableException dropped) {
          continue;
        }
      }
    }
    files.keySet().retainAll(locations.values());
    return locations;
  }

  private List<TableIdentifier> tables(String namespace) {
    try {
      return catalog.catalog().listTables(Namespace.of(namespace));
    } catch (NoSuchNamespaceException none) {
      return List.of();
    }
  }

  @Override
  public byte[] read(String location) throws IOException {
    FileIO io = files.get(location);
    if (io == null) {
      throw new IOException("No table has its metadata at " + location);
    }
    try (InputStream in = io.newInputFile(location).newStream()) {
      return in.readAllBytes();
    }
  }
}
