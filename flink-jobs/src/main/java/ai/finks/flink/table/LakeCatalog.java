package ai.finks.flink.table;

import java.io.Closeable;
import java.io.IOException;
import java.sql.Driver;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An open Iceberg catalog. Not shared between threads: each operator opens its own. */
public class LakeCatalog implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(LakeCatalog.class);

  static {
    findDrivers();
  }

  private final Catalog catalog;

  /**
   * The JVM looks for database drivers once, but a cluster loads the classes of each job anew, and
   * a job may use those drivers only that its own class loader brought.
   */
  private static void findDrivers() {
    Iterator<Driver> drivers =
        ServiceLoader.load(Driver.class, LakeCatalog.class.getClassLoader()).iterator();
    while (true) {
      try {
        if (!drivers.hasNext()) {
          return;
        }
        drivers.next();
      } catch (ServiceConfigurationError e) {
        LOG.warn("A database driver could not be loaded", e);
      }
    }
  }

  protected LakeCatalog(Catalog catalog) {
    this.catalog = catalog;
  }

  /** Opens a catalog that exists. */
  public static LakeCatalog open(CatalogConfig config) {
    return new LakeCatalog(build(config, false));
  }

  /** Creates what the catalog itself needs, once, before anybody else opens it. Idempotent. */
  public static void initialise(CatalogConfig config) {
    try (LakeCatalog created = new LakeCatalog(build(config, true))) {
      created.catalog.name();
    } catch (IOException e) {
      throw new IllegalStateException("Catalog " + config.name() + " could not be closed", e);
    }
  }

  protected static Catalog build(CatalogConfig config, boolean createCatalogTables) {
    Configuration hadoop = new Configuration();
    // Parquet and Avro carry their own checks; a .crc file beside each file doubles their number.
    hadoop.set("fs.file.impl", LocalFiles.class.getName());
    return CatalogUtil.buildIcebergCatalog(
        config.name(), config.properties(createCatalogTables), hadoop);
  }

  public Catalog catalog() {
    return catalog;
  }

  /** The table's newest state. */
  public Table load(TableIdentifier identifier) {
    return catalog.loadTable(identifier);
  }

  /** Whether the catalog has such a table; its metadata may be lost. */
  public boolean exists(TableIdentifier identifier) {
    // Asking for the table itself would read its metadata.
    return tables(identifier.namespace()).contains(identifier);
  }

  /** The tables of a namespace, in order of their names; none where there is no such namespace. */
  public List<TableIdentifier> tables(Namespace namespace) {
    try {
      return catalog.listTables(namespace).stream()
          .sorted(Comparator.comparing(TableIdentifier::name))
          .collect(Collectors.toList());
    } catch (NoSuchNamespaceException none) {
      return List.of();
    }
  }

  /** Removes a table from the catalog and leaves its files where they are. */
  public void forget(TableIdentifier identifier) {
    catalog.dropTable(identifier, false);
  }

  /** Takes a table that lies in the lake into the catalog, at the state of one metadata file. */
  public Table register(TableIdentifier identifier, String metadataFile) {
    createNamespace(identifier);
    return catalog.registerTable(identifier, metadataFile);
  }

  /**
   * Whether the catalog has the table and its metadata can be read; data files are not looked at.
   */
  public boolean isReadable(TableIdentifier identifier) {
    if (!exists(identifier)) {
      return false;
    }
    try {
      Table table = load(identifier);
      Snapshot snapshot = table.currentSnapshot();
      return snapshot == null || snapshot.allManifests(table.io()) != null;
    } catch (RuntimeException e) {
      if (!LostMetadata.isCauseOf(e)) {
        throw e;
      }
      LOG.warn("Table {} cannot be read: {}", identifier, e.toString());
      return false;
    }
  }

  /** The tables of all namespaces. */
  public List<TableIdentifier> tables() {
    List<TableIdentifier> tables = new ArrayList<>();
    if (catalog instanceof SupportsNamespaces) {
      for (Namespace namespace : ((SupportsNamespaces) catalog).listNamespaces()) {
        tables.addAll(tables(namespace));
      }
    }
    return tables;
  }

  /** Removes a table with all that it holds; only for tables whose files nobody else refers to. */
  public void purge(TableIdentifier identifier) {
    catalog.dropTable(identifier, true);
  }

  /**
   * Creates the table (and its namespace) unless it is there already. Its columns keep the ids of
   * the schema: a catalog that creates a table by itself would number them anew.
   */
  Table createMissing(
      TableIdentifier identifier,
      Schema schema,
      PartitionSpec spec,
      String location,
      Map<String, String> properties) {
    if (catalog.tableExists(identifier)) {
      return catalog.loadTable(identifier);
    }
    try {
      beginTable(identifier, schema, spec, location, properties).commitTransaction();
      return catalog.loadTable(identifier);
    } catch (AlreadyExistsException raced) {
      return catalog.loadTable(identifier);
    }
  }

  /** Begins a table that is there, with what was committed to it until then, by one commit. */
  Transaction beginTable(
      TableIdentifier identifier,
      Schema schema,
      PartitionSpec spec,
      String location,
      Map<String, String> properties) {
    createNamespace(identifier);
    Transaction creation =
        catalog
            .buildTable(identifier, schema)
            .withPartitionSpec(spec)
            .withLocation(location)
            .withProperties(properties)
            .createTransaction();
    TableOperations operations = ((HasTableOperations) creation.table()).operations();
    TableMetadata numberedAnew = operations.current();
    operations.commit(numberedAnew, withIdsOf(schema, spec, numberedAnew));
    return creation;
  }

  private static TableMetadata withIdsOf(
      Schema schema, PartitionSpec spec, TableMetadata numberedAnew) {
    return TableMetadata.buildFromEmpty(numberedAnew.formatVersion())
        .assignUUID(numberedAnew.uuid())
        .setLocation(numberedAnew.location())
        .setCurrentSchema(schema, schema.highestFieldId())
        .setDefaultPartitionSpec(spec)
        .setDefaultSortOrder(SortOrder.unsorted())
        .setProperties(numberedAnew.properties())
        .build();
  }

  private void createNamespace(TableIdentifier identifier) {
    if (catalog instanceof SupportsNamespaces) {
      SupportsNamespaces namespaces = (SupportsNamespaces) catalog;
      if (!namespaces.namespaceExists(identifier.namespace())) {
        try {
          namespaces.createNamespace(identifier.namespace());
        } catch (AlreadyExistsException raced) {
          return;
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (catalog instanceof Closeable) {
      ((Closeable) catalog).close();
    }
  }
}
