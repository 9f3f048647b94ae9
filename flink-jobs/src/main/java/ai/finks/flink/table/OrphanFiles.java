package ai.finks.flink.table;

import ai.finks.flink.fault.FaultPoints;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.SupportsPrefixOperations;

/**
 * Files in the tables' folders that no table of the catalog leads to: left by writers that were
 * killed, by commits that lost a race, by aborted uploads.
 *
 * <p>Assumptions that its correctness rests on:
 *
 * <ul>
 *   <li>A file is old before it is looked at: what a writer has written and not committed yet is
 *       younger than the age, or younger than the newest offsets of its table. A live job that has
 *       nothing to commit renews these, and what the state of a dead one still holds was written
 *       after them.
 *   <li>Files are listed before the tables are read, so what was committed meanwhile is known. What
 *       moves from a staging table to its main table is known by one of them, since staging tables
 *       are read first.
 *   <li>Each table's folder is its own; staging tables may lie in that of their main table.
 * </ul>
 */
public final class OrphanFiles {
  /** A writer's clock and that of the catalog may differ, and a checkpoint take its time. */
  private static final Duration MARGIN = Duration.ofHours(1);

  private final LakeCatalog catalog;
  private final Collection<TableIdentifier> tables;

  /**
   * @param tables every table of the catalog
   */
  public OrphanFiles(LakeCatalog catalog, Collection<TableIdentifier> tables) {
    this.catalog = catalog;
    this.tables = tables;
  }

  /** Orphans that were written before an instant, by the table in whose folder they lie. */
  public Map<TableIdentifier, List<FileInfo>> find(Instant before) {
    Map<TableIdentifier, List<FileInfo>> found = new LinkedHashMap<>();
    for (TableIdentifier identifier : tables) {
      if (!StagedTables.isStaged(identifier)) {
        found.put(identifier, old(catalog.load(identifier), before));
      }
    }
    ReferencedFiles referenced = new ReferencedFiles();
    // One that was dropped meanwhile gave its files to a main table, or nobody needs them.
    tables.stream()
        .filter(StagedTables::isStaged)
        .forEach(staged -> StagedTables.ifThere(catalog, staged, referenced::add));
    found.keySet().forEach(identifier -> referenced.add(catalog.load(identifier)));
    found.values().forEach(files -> files.removeIf(file -> referenced.contains(file.location())));
    return found;
  }

  /** Removes what {@link #find} found. */
  public void remove(TableIdentifier table, Collection<FileInfo> orphans) {
    Table loaded = catalog.load(table);
    for (FileInfo orphan : orphans) {
      FaultPoints.pass("expire.remove-orphan");
      loaded.io().deleteFile(orphan.location());
    }
  }

  private static List<FileInfo> old(Table table, Instant before) {
    if (!(table.io() instanceof SupportsPrefixOperations)) {
      throw new IllegalStateException(
          "The files of " + table.name() + " cannot be listed by " + table.io().getClass());
    }
    long newest = before.toEpochMilli();
    Snapshot carrier = Carrier.newestSnapshot(RecordedOffsets.metadata(table));
    if (carrier != null) {
      newest = Math.min(newest, carrier.timestampMillis() - MARGIN.toMillis());
    }
    String folder = table.location().endsWith("/") ? table.location() : table.location() + "/";
    List<FileInfo> old = new ArrayList<>();
    for (FileInfo file : ((SupportsPrefixOperations) table.io()).listPrefix(folder)) {
      if (file.createdAtMillis() < newest) {
        old.add(file);
      }
    }
    return old;
  }
}
