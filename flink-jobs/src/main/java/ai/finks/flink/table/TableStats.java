package ai.finks.flink.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableScan;
import org.apache.iceberg.io.CloseableIterable;

/**
 * What a table holds at its current snapshot, from metadata alone.
 *
 * <p>A period is the table's partition in words, its levels joined by {@code -} ({@code 2026-01});
 * it is sealed if every file of it carries the sealed order.
 */
public final class TableStats {
  private final OptionalLong snapshotId;
  private final long rows;
  private final long files;
  private final long bytes;
  private final SortedSet<String> sealedPeriods;
  private final SortedSet<String> openPeriods;

  private TableStats(Tally tally, OptionalLong snapshotId) {
    this.snapshotId = snapshotId;
    this.rows = tally.rows;
    this.files = tally.files;
    this.bytes = tally.bytes;
    SortedSet<String> sealed = new TreeSet<>(tally.periods);
    sealed.removeAll(tally.open);
    this.sealedPeriods = Collections.unmodifiableSortedSet(sealed);
    this.openPeriods = Collections.unmodifiableSortedSet(tally.open);
  }

  /** Reads the manifests of the table's current snapshot; refresh the table first. */
  public static TableStats of(Table table) {
    Tally tally = new Tally();
    Snapshot current = table.currentSnapshot();
    if (current == null) {
      return new TableStats(tally, OptionalLong.empty());
    }
    TableScan scan = table.newScan().useSnapshot(current.snapshotId());
    try (CloseableIterable<FileScanTask> tasks = scan.planFiles()) {
      tasks.forEach(tally::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new TableStats(tally, OptionalLong.of(current.snapshotId()));
  }

  /** Empty for a table that was never written. */
  public OptionalLong snapshotId() {
    return snapshotId;
  }

  public long rows() {
    return rows;
  }

  /** Number of data files. */
  public long files() {
    return files;
  }

  /** Size of the data files. */
  public long bytes() {
    return bytes;
  }

  /** Periods of which every file is sorted; empty for a table without periods. */
  public SortedSet<String> sealedPeriods() {
    return sealedPeriods;
  }

  /** The other periods; empty for a table without periods. */
  public SortedSet<String> openPeriods() {
    return openPeriods;
  }

  @Override
  public String toString() {
    return rows + " rows, " + files + " files, " + bytes + " bytes";
  }

  private static final class Tally {
    final SortedSet<String> periods = new TreeSet<>();
    final SortedSet<String> open = new TreeSet<>();
    long rows;
    long files;
    long bytes;

    void add(FileScanTask task) {
      rows += task.file().recordCount();
      files++;
      bytes += task.file().fileSizeInBytes();
      if (task.spec().isUnpartitioned()) {
        return;
      }
      String period = TablePeriod.of(task.file().partition()).toString();
      periods.add(period);
      if (!SealedOrder.isSealed(task.file())) {
        open.add(period);
      }
    }
  }
}
