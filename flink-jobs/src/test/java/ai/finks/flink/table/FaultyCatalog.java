package ai.finks.flink.table;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.io.FileIO;

/**
 * A catalog whose commits fail when a test asks for it, and whose files are {@link FaultyFiles}.
 * Faults are by table name.
 */
public final class FaultyCatalog extends LakeCatalog {
  /** What goes wrong with a commit. */
  public enum Fault {
    /** Once, before it reaches the catalog. */
    LOST_ONCE,
    /** Once, after it has reached the catalog. */
    ANSWER_LOST_ONCE,
    /** Until it is healed. */
    UNREACHABLE
  }

  private static final Map<String, Fault> FAULTS = new ConcurrentHashMap<>();

  private FaultyCatalog(Catalog catalog) {
    super(catalog);
  }

  public static CatalogLoader loader(CatalogConfig config) {
    return () -> new FaultyCatalog(LakeCatalog.build(config, false));
  }

  public static void inject(TableIdentifier table, Fault fault) {
    FAULTS.put(table.name(), fault);
  }

  public static void healAll() {
    FAULTS.clear();
    FaultyFiles.heal();
  }

  @Override
  public Table load(TableIdentifier identifier) {
    Table table = super.load(identifier);
    TableOperations operations = ((HasTableOperations) table).operations();
    return new BaseTable(new FaultyOperations(operations, identifier.name()), table.name());
  }

  private static final class FaultyOperations extends ForwardingTableOperations {
    private final String name;
    private final FileIO files;

    FaultyOperations(TableOperations operations, String name) {
      super(operations);
      this.name = name;
      this.files = new FaultyFiles(operations.io());
    }

    @Override
    public FileIO io() {
      return files;
    }

    @Override
    public void commit(TableMetadata base, TableMetadata updated) {
      Fault fault = FAULTS.get(name);
      if (fault == Fault.UNREACHABLE || FAULTS.remove(name, Fault.LOST_ONCE)) {
        throw new IllegalStateException("injected: commit to " + name + " failed");
      }
      super.commit(base, updated);
      if (FAULTS.remove(name, Fault.ANSWER_LOST_ONCE)) {
        throw new IllegalStateException("injected: answer of " + name + " lost");
      }
    }
  }
}
