package ai.finks.flink.rebuild;

import ai.finks.flink.bronze.io.LedgerRecovery;
import ai.finks.flink.stream.AcceptedGaps;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.StagedTables;
import ai.finks.schemas.contract.Contract;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * Makes a lake of which anything but Bronze may be lost ready for a rebuild: the ledger is brought
 * back, tables whose metadata is gone are forgotten, and those that are missing made, empty.
 */
public final class LakeRecovery {
  private static final Namespace GOLD = Namespace.of("gold");

  private LakeRecovery() {}

  /**
   * Does all of it; what is sound is left alone.
   *
   * @param catalog that exists, and may be empty
   * @param acceptedGaps offsets that no object of Bronze has to hold
   * @throws ai.finks.flink.table.JobStoppedException if objects of Bronze are lost together with
   *     the ledger
   */
  public static void prepare(
      LakeCatalog catalog,
      String lakeRoot,
      Collection<Contract> contracts,
      AcceptedGaps acceptedGaps,
      Consumer<String> progress)
      throws IOException {
    new LedgerRecovery(catalog, lakeRoot, acceptedGaps, progress).recover();
    for (TableIdentifier table : own(catalog, contracts)) {
      if (catalog.exists(table) && !catalog.isReadable(table)) {
        catalog.forget(table);
        progress.accept("table " + table + " is lost");
      }
    }
    LakeTables.createMissing(catalog, lakeRoot, contracts);
    for (Contract contract : contracts) {
      LakeTables.evolve(catalog, contract);
    }
  }

  /** A catalog may hold tables of others, whose metadata is no matter of a rebuild. */
  private static List<TableIdentifier> own(LakeCatalog catalog, Collection<Contract> contracts) {
    List<TableIdentifier> tables = new ArrayList<>(LakeTables.of(contracts));
    tables.addAll(catalog.tables(StagedTables.STAGING));
    tables.addAll(catalog.tables(GOLD));
    return tables;
  }
}
