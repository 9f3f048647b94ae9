package ai.finks.flink.table;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.LocationProviders;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.inmemory.InMemoryCatalog;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;
import org.jspecify.annotations.Nullable;

/**
 * Iceberg tables whose files and metadata live in memory: real manifests, snapshots and Parquet
 * files, compared and swapped as a catalog does, in a few milliseconds a commit.
 */
public final class MemoryTables implements AutoCloseable {
  private static final Map<String, MemoryTables> LIVE = new ConcurrentHashMap<>();

  private final String id = UUID.randomUUID().toString();
  private final Map<TableIdentifier, AtomicReference<TableMetadata>> tables =
      new ConcurrentHashMap<>();
  private final Map<TableIdentifier, CommitFault> faults = new ConcurrentHashMap<>();
  private final MemoryFiles files = new MemoryFiles();

  public MemoryTables() {
    LIVE.put(id, this);
  }

  /** A loader that finds these tables wherever in this JVM it is opened. */
  public CatalogLoader loader() {
    String known = id;
    return () -> new MemoryCatalog(LIVE.get(known));
  }

  public LakeCatalog catalog() {
    return new MemoryCatalog(this);
  }

  public MemoryFiles files() {
    return files;
  }

  /** A table of the same columns and periods under another name, with files in a given folder. */
  public Table createLike(Table like, TableIdentifier identifier, String location, String folder) {
    return catalog()
        .createMissing(
            identifier,
            like.schema(),
            like.spec(),
            location,
            Map.of("format-version", "2", "write.data.path", folder));
  }

  /** What befalls the next commit to a table; it stays until it is taken away with null. */
  public void inject(TableIdentifier table, @Nullable CommitFault fault) {
    if (fault == null) {
      faults.remove(table);
    } else {
      faults.put(table, fault);
    }
  }

  /** Puts each file of a table in another place in one commit, as compaction would. */
  public void rewrite(TableIdentifier identifier) {
    Table table = catalog().load(identifier);
    if (table.currentSnapshot() == null) {
      return;
    }
    // Without a start it would look through all snapshots, of which the oldest have expired.
    long from = table.currentSnapshot().snapshotId();
    RewriteFiles rewrite = table.newRewrite().validateFromSnapshot(from);
    boolean any = false;
    for (FileScanTask task : table.newScan().useSnapshot(from).planFiles()) {
      String moved = task.file().location() + "." + UUID.randomUUID() + ".parquet";
      files.copy(task.file().location(), moved);
      DataFile copy = DataFiles.builder(table.spec()).copy(task.file()).withPath(moved).build();
      rewrite.deleteFile(task.file()).addFile(copy);
      any = true;
    }
    if (any) {
      rewrite.commit();
    }
  }

  /** Expires all snapshots that may go. */
  public void expire(TableIdentifier identifier) {
    SnapshotExpiry.expire(catalog().load(identifier), Long.MAX_VALUE, 0);
  }

  @Override
  public void close() {
    LIVE.remove(id);
  }

  /** Runs around the swap of a table's metadata. */
  @FunctionalInterface
  public interface CommitFault {
    /** Either runs the swap, or fails, or both. */
    void around(Runnable swap);
  }

  private static final class MemoryCatalog extends LakeCatalog {
    private final MemoryTables lake;

    MemoryCatalog(MemoryTables lake) {
      super(new InMemoryCatalog());
      this.lake = lake;
    }

    @Override
    public Table load(TableIdentifier identifier) {
      return new BaseTable(lake.operations(identifier), identifier.toString());
    }

    @Override
    public boolean exists(TableIdentifier identifier) {
      return lake.tables.containsKey(identifier);
    }

    @Override
    public List<TableIdentifier> tables(Namespace namespace) {
      return lake.tables.keySet().stream()
          .filter(table -> table.namespace().equals(namespace))
          .sorted(Comparator.comparing(TableIdentifier::name))
          .collect(Collectors.toList());
    }

    @Override
    public void purge(TableIdentifier identifier) {
      lake.tables.remove(identifier);
    }

    @Override
    Table createMissing(
        TableIdentifier identifier,
        Schema schema,
        PartitionSpec spec,
        String location,
        Map<String, String> properties) {
      lake.tables.computeIfAbsent(
          identifier,
          absent ->
              new AtomicReference<>(
                  TableMetadata.newTableMetadata(schema, spec, location, properties)));
      return load(identifier);
    }

    @Override
    public void close() {}
  }

  private TableOperations operations(TableIdentifier identifier) {
    AtomicReference<TableMetadata> metadata = tables.get(identifier);
    if (metadata == null) {
      throw new NoSuchTableException("There is no table %s", identifier);
    }
    return new Operations(identifier, metadata);
  }

  private final class Operations implements TableOperations {
    private final TableIdentifier identifier;
    private final AtomicReference<TableMetadata> metadata;
    private TableMetadata current;

    Operations(TableIdentifier identifier, AtomicReference<TableMetadata> metadata) {
      this.identifier = identifier;
      this.metadata = metadata;
      this.current = metadata.get();
    }

    @Override
    public TableMetadata current() {
      return current;
    }

    @Override
    public TableMetadata refresh() {
      current = metadata.get();
      return current;
    }

    @Override
    public void commit(TableMetadata base, TableMetadata updated) {
      CommitFault fault = faults.get(identifier);
      if (fault == null) {
        swap(base, updated);
      } else {
        fault.around(() -> swap(base, updated));
      }
    }

    private void swap(TableMetadata base, TableMetadata updated) {
      TableMetadata stored = TableMetadata.buildFrom(updated).discardChanges().build();
      if (!metadata.compareAndSet(base, stored)) {
        throw new CommitFailedException("Table %s moved on", identifier);
      }
      current = stored;
    }

    @Override
    public FileIO io() {
      return files;
    }

    @Override
    public String metadataFileLocation(String fileName) {
      return current.location() + "/metadata/" + fileName;
    }

    @Override
    public LocationProvider locationProvider() {
      return LocationProviders.locationsFor(current.location(), current.properties());
    }
  }
}
