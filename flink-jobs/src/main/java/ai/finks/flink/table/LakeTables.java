package ai.finks.flink.table;

import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.contract.Period;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;

/** The tables of the lake: their names, places, and how they come to be. */
public final class LakeTables {
  public static final TableIdentifier ACCOUNTING = TableIdentifier.of("accounting", "partitions");

  /** What became of refused records that were sent again. */
  public static final TableIdentifier REDRIVES = TableIdentifier.of("accounting", "redrives");

  public static final TableIdentifier BRONZE_FILES = TableIdentifier.of("bronze", "files");

  /**
   * Manifests of so many bytes are not merged any further. Iceberg's 8 MB let a commit in a hundred
   * wait for the merging of some hundred thousand files' entries.
   */
  private static final String MANIFEST_BYTES = Integer.toString(1 << 20);

  private static final List<String> PERIOD_LEVELS = List.of("year", "month", "day");

  private LakeTables() {}

  /** Every kept version of every row of an entity. */
  public static TableIdentifier silver(String entity) {
    return TableIdentifier.of("silver", entity + "_versions");
  }

  public static TableIdentifier quarantine(String entity) {
    return TableIdentifier.of("quarantine", entity);
  }

  /** Advances of known versions that no silver row tells of. */
  public static TableIdentifier marks(String entity) {
    return TableIdentifier.of("marks", entity);
  }

  /** Whether the entity's Silver table holds rows: signs of life of an idle job are none. */
  public static boolean isWritten(LakeCatalog catalog, String entity) {
    return holdsRows(catalog, silver(entity));
  }

  /** Whether there is such a table and it holds rows. */
  public static boolean holdsRows(LakeCatalog catalog, TableIdentifier table) {
    if (!catalog.catalog().tableExists(table)) {
      return false;
    }
    Snapshot snapshot = catalog.load(table).currentSnapshot();
    return snapshot != null
        && !"0".equals(snapshot.summary().get(SnapshotSummary.TOTAL_RECORDS_PROP));
  }

  /**
   * Gives an existing Silver table the columns of its contract: added, widened and renamed in
   * place, so that the rows of before stay readable. No live job may write the table meanwhile.
   *
   * @return whether the table was changed
   * @throws IllegalStateException if the table's columns cannot become those of the contract; says
   *     which and why
   */
  public static boolean evolve(LakeCatalog catalog, Contract contract) {
    Schema wanted =
        TableSchemas.silver(ContractColumns.of(contract), periodLevels(contract.period()));
    return SchemaEvolution.apply(catalog.load(silver(contract.entity())), wanted);
  }

  private static List<String> periodLevels(Period period) {
    return PERIOD_LEVELS.subList(0, period.levels());
  }

  /** Creates every table of the contracts' entities that is not there yet. */
  public static void createMissing(
      LakeCatalog catalog, String lakeRoot, Collection<Contract> contracts) {
    createShared(catalog, lakeRoot);
    for (Contract contract : contracts) {
      createEntity(
          catalog,
          lakeRoot,
          contract.entity(),
          ContractColumns.of(contract),
          periodLevels(contract.period()));
      prepareForSeal(catalog, contract);
    }
  }

  /**
   * Gives an entity's Silver table what sealed files need, if it was made without: the column that
   * marks superseded rows, and the order of their rows. Rows are not touched, a job may write.
   */
  public static void prepareForSeal(LakeCatalog catalog, Contract contract) {
    Table silver = catalog.load(silver(contract.entity()));
    if (silver.schema().findField(TableSchemas.SUPERSEDED) == null) {
      List<NestedField> columns = new ArrayList<>(silver.schema().columns());
      columns.add(TableSchemas.superseded());
      SchemaEvolution.apply(silver, new Schema(columns));
    }
    SealedOrder.register(silver, contract);
  }

  /** Whether {@link #prepareForSeal} has nothing to do. */
  public static boolean isPreparedForSeal(LakeCatalog catalog, Contract contract) {
    Table silver = catalog.load(silver(contract.entity()));
    return silver.schema().findField(TableSchemas.SUPERSEDED) != null
        && SealedOrder.find(silver, contract).isPresent();
  }

  /** Creates the tables that all entities share, and gives those of before what is new. */
  public static void createShared(LakeCatalog catalog, String lakeRoot) {
    Schema accounting = TableSchemas.accounting();
    create(
        catalog,
        ACCOUNTING,
        accounting,
        TableSchemas.identity(accounting, List.of("entity")),
        lakeRoot + "/accounting/partitions");
    SchemaEvolution.apply(catalog.load(ACCOUNTING), accounting);
    Schema redrives = TableSchemas.redrives();
    create(
        catalog,
        REDRIVES,
        redrives,
        TableSchemas.identity(redrives, List.of("entity")),
        lakeRoot + "/accounting/redrives");
    create(
        catalog,
        BRONZE_FILES,
        TableSchemas.bronzeFiles(),
        PartitionSpec.unpartitioned(),
        ledgerLocation(lakeRoot));
  }

  /** Begins Bronze's ledger; it is there, with its first rows, when this is committed. */
  public static Transaction newLedger(LakeCatalog catalog, String lakeRoot) {
    String location = ledgerLocation(lakeRoot);
    return catalog.beginTable(
        BRONZE_FILES,
        TableSchemas.bronzeFiles(),
        PartitionSpec.unpartitioned(),
        location,
        properties(location));
  }

  private static String ledgerLocation(String lakeRoot) {
    return lakeRoot + "/bronze/_ledger";
  }

  /** The tables that those contracts' entities and their jobs have, but Bronze's ledger. */
  public static List<TableIdentifier> of(Collection<Contract> contracts) {
    List<TableIdentifier> tables = new ArrayList<>(List.of(ACCOUNTING, REDRIVES));
    for (Contract contract : contracts) {
      String entity = contract.entity();
      tables.addAll(List.of(silver(entity), quarantine(entity), marks(entity)));
    }
    return tables;
  }

  /** Creates the silver, quarantine and marks tables of one entity. */
  public static void createEntity(
      LakeCatalog catalog,
      String lakeRoot,
      String entity,
      List<NestedField> contractFields,
      List<String> periodLevels) {
    String folder = "/entity=" + entity;
    Schema silver = TableSchemas.silver(contractFields, periodLevels);
    create(
        catalog,
        silver(entity),
        silver,
        TableSchemas.identity(silver, periodLevels),
        lakeRoot + "/silver" + folder);
    Schema quarantine = TableSchemas.quarantine();
    Table refused =
        create(
            catalog,
            quarantine(entity),
            quarantine,
            TableSchemas.identity(quarantine, List.of("year", "month", "day")),
            lakeRoot + "/quarantine" + folder);
    addMissing(refused, "_entity");
    create(
        catalog,
        marks(entity),
        TableSchemas.marks(),
        PartitionSpec.unpartitioned(),
        lakeRoot + "/marks" + folder);
  }

  /** Tables made before the envelope's entity was kept get its column, at the same place. */
  private static void addMissing(Table table, String textColumn) {
    if (table.schema().findField(textColumn) == null) {
      table.updateSchema().addColumn(textColumn, Types.StringType.get()).commit();
    }
  }

  private static Table create(
      LakeCatalog catalog,
      TableIdentifier identifier,
      Schema schema,
      PartitionSpec spec,
      String location) {
    Table table = catalog.createMissing(identifier, schema, spec, location, properties(location));
    if (!table.properties().containsKey(TableProperties.MANIFEST_TARGET_SIZE_BYTES)) {
      // A table of before: what it was told otherwise by hand stays.
      table
          .updateProperties()
          .set(TableProperties.MANIFEST_TARGET_SIZE_BYTES, MANIFEST_BYTES)
          .commit();
    }
    return table;
  }

  private static Map<String, String> properties(String location) {
    Map<String, String> properties = new HashMap<>();
    properties.put("format-version", "2");
    // Without it Iceberg puts /data/ between the table's root and its periods.
    properties.put("write.data.path", location);
    properties.put("write.parquet.compression-codec", "zstd");
    // Many periods are open at a time: what one of them buffers is bounded.
    properties.put("write.parquet.row-group-size-bytes", Integer.toString(16 << 20));
    properties.put("write.parquet.compression-level", "1");
    // Hashes and offsets are not worth a dictionary: the attempt ends early.
    properties.put("write.parquet.dict-size-bytes", Integer.toString(64 << 10));
    properties.put(TableProperties.MANIFEST_TARGET_SIZE_BYTES, MANIFEST_BYTES);
    properties.put("write.metadata.delete-after-commit.enabled", "true");
    properties.put("write.metadata.previous-versions-max", "10");
    return properties;
  }
}
