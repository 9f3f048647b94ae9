package ai.finks.flink.seal;

import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.SnapshotHold;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;

/**
 * Compacts the tables beside an entity's Silver table, which no seal replaces: its quarantine and
 * marks, its part of the accounting and of the redrives, and the ledger of Bronze.
 */
public final class SideCompaction {
  /** With fewer small files a partition stays as it is, or each night would write it again. */
  public static final int LEAST_FILES = 8;

  private SideCompaction() {}

  /**
   * Compacts what has many small files. Jobs may write.
   *
   * @param id {@code seal-…}, in the commits' summaries; a new one each time
   * @param leastFiles a partition with fewer small files stays as it is; {@link #LEAST_FILES}
   * @return of the tables that were changed
   * @throws ValidationException if others took files of a table away again and again
   */
  public static List<CompactionReport> run(
      LakeCatalog catalog, String entity, String id, int leastFiles) {
    List<CompactionReport> reports = new ArrayList<>();
    tables(entity)
        .forEach(
            (table, rows) -> {
              if (catalog.exists(table)) {
                CompactionReport report =
                    new Compaction(catalog.load(table), id, leastFiles).run(rows);
                if (report.filesBefore() > 0) {
                  reports.add(report);
                }
              }
            });
    return reports;
  }

  /** Lets go of what compactions of before hold, for who knows that they are dead. */
  public static void releaseHolds(LakeCatalog catalog, String entity) {
    for (TableIdentifier table : tables(entity).keySet()) {
      if (catalog.exists(table)) {
        SnapshotHold.releaseAll(catalog.load(table), "seal-");
      }
    }
  }

  private static Map<TableIdentifier, Expression> tables(String entity) {
    Expression all = Expressions.alwaysTrue();
    Expression ofEntity = Expressions.equal("entity", entity);
    Map<TableIdentifier, Expression> tables = new LinkedHashMap<>();
    tables.put(LakeTables.quarantine(entity), all);
    tables.put(LakeTables.marks(entity), all);
    tables.put(LakeTables.ACCOUNTING, ofEntity);
    tables.put(LakeTables.REDRIVES, ofEntity);
    tables.put(LakeTables.BRONZE_FILES, all);
    return tables;
  }
}
