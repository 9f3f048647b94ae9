package ai.finks.flink.seal;

import ai.finks.flink.table.SealedOrder;
import ai.finks.flink.table.TablePeriod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;

/**
 * The periods of a Silver table with their files: sealed if every file of it carries the sealed
 * order, else open. One late row reopens a period.
 */
public final class SealedPeriods {
  private final SortedMap<TablePeriod, List<DataFile>> files;
  private final SortedSet<TablePeriod> sealed = new TreeSet<>();
  private final SortedSet<TablePeriod> open = new TreeSet<>();

  private SealedPeriods(SortedMap<TablePeriod, List<DataFile>> files) {
    this.files = files;
    files.forEach(
        (period, its) ->
            (its.stream().allMatch(SealedOrder::isSealed) ? sealed : open).add(period));
  }

  /** As of the table's current snapshot; refresh the table first. */
  public static SealedPeriods of(Table table) {
    Snapshot current = table.currentSnapshot();
    return current == null ? new SealedPeriods(new TreeMap<>()) : of(table, current.snapshotId());
  }

  /** As of a snapshot. */
  public static SealedPeriods of(Table table, long snapshotId) {
    SortedMap<TablePeriod, List<DataFile>> files = new TreeMap<>();
    try (CloseableIterable<FileScanTask> tasks =
        table.newScan().useSnapshot(snapshotId).planFiles()) {
      for (FileScanTask task : tasks) {
        if (!task.deletes().isEmpty()) {
          throw new IllegalStateException(
              table.name() + " has delete files, which no writer of ours makes");
        }
        files
            .computeIfAbsent(TablePeriod.of(task.partition()), period -> new ArrayList<>())
            .add(task.file());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new SealedPeriods(files);
  }

  public SortedSet<TablePeriod> sealed() {
    return Collections.unmodifiableSortedSet(sealed);
  }

  public SortedSet<TablePeriod> open() {
    return Collections.unmodifiableSortedSet(open);
  }

  /** The files of a period; none if the table has no such period. */
  public List<DataFile> files(TablePeriod period) {
    return Collections.unmodifiableList(files.getOrDefault(period, List.of()));
  }

  /** All periods with their files. */
  SortedMap<TablePeriod, List<DataFile>> all() {
    return Collections.unmodifiableSortedMap(files);
  }
}
