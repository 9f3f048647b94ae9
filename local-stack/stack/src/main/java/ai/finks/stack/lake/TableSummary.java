package ai.finks.stack.lake;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * A table at its current snapshot.
 *
 * @param name namespace and name
 * @param snapshotId current snapshot, 0 for a table that was never written
 * @param committedAtMillis when that was committed, epoch milliseconds, 0 likewise
 * @param rows rows in it
 * @param files data files
 * @param bytes their size
 * @param location where its files lie
 */
public record TableSummary(
    String name,
    long snapshotId,
    long committedAtMillis,
    long rows,
    long files,
    long bytes,
    String location) {

  /** Every table of the lake, by name. */
  public static List<TableSummary> all(Lake lake) {
    List<TableSummary> summaries = new ArrayList<>();
    for (TableIdentifier identifier : identifiers(lake)) {
      summaries.add(of(identifier, lake.load(identifier)));
    }
    return summaries;
  }

  private static List<TableIdentifier> identifiers(Lake lake) {
    Catalog catalog = lake.catalog().catalog();
    List<TableIdentifier> identifiers = new ArrayList<>();
    for (Namespace namespace : ((SupportsNamespaces) catalog).listNamespaces()) {
      identifiers.addAll(catalog.listTables(namespace));
    }
    identifiers.sort((one, other) -> one.toString().compareTo(other.toString()));
    return identifiers;
  }

  private static TableSummary of(TableIdentifier identifier, Table table) {
    Snapshot snapshot = table.currentSnapshot();
    Map<String, String> summary = snapshot == null ? Map.of() : snapshot.summary();
    return new TableSummary(
        identifier.toString(),
        snapshot == null ? 0 : snapshot.snapshotId(),
        snapshot == null ? 0 : snapshot.timestampMillis(),
        number(summary, SnapshotSummary.TOTAL_RECORDS_PROP),
        number(summary, SnapshotSummary.TOTAL_DATA_FILES_PROP),
        number(summary, SnapshotSummary.TOTAL_FILE_SIZE_PROP),
        table.location());
  }

  private static long number(Map<String, String> summary, String key) {
    return Long.parseLong(summary.getOrDefault(key, "0"));
  }
}
