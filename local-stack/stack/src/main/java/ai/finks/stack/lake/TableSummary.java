package ai.finks.stack.lake;

import ai.finks.flink.table.TableStats;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * A table at its current snapshot.
 *
 * @param name namespace and name
 * @param committedAtMillis when the snapshot was committed, epoch milliseconds, 0 when never
 * @param stats what it holds
 * @param table the table itself
 */
public record TableSummary(String name, long committedAtMillis, TableStats stats, Table table) {

  /** Every table of the lake, by name. */
  public static List<TableSummary> all(Lake lake) {
    List<TableSummary> summaries = new ArrayList<>();
    for (TableIdentifier identifier : identifiers(lake)) {
      Table table = lake.load(identifier);
      Snapshot snapshot = table.currentSnapshot();
      summaries.add(
          new TableSummary(
              identifier.toString(),
              snapshot == null ? 0 : snapshot.timestampMillis(),
              TableStats.of(table),
              table));
    }
    return summaries;
  }

  /** The name of every table of the lake, in order. */
  public static List<TableIdentifier> identifiers(Lake lake) {
    Catalog catalog = lake.catalog().catalog();
    List<TableIdentifier> identifiers = new ArrayList<>();
    for (Namespace namespace : ((SupportsNamespaces) catalog).listNamespaces()) {
      identifiers.addAll(catalog.listTables(namespace));
    }
    identifiers.sort((one, other) -> one.toString().compareTo(other.toString()));
    return identifiers;
  }
}
