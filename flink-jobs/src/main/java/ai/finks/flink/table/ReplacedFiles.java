package ai.finks.flink.table;

import ai.finks.flink.fault.FaultPoints;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/**
 * Data files that the oldest snapshots took away. Iceberg removes a file when the snapshot that
 * took it away expires; but once the snapshots before that one are gone, nobody can read it.
 */
final class ReplacedFiles {
  private ReplacedFiles() {}

  /**
   * Removes them.
   *
   * @return how many there were
   */
  static long remove(Table table) {
    table.refresh();
    List<String> replaced = new ArrayList<>();
    for (Snapshot snapshot : table.snapshots()) {
      Long parent = snapshot.parentId();
      if (parent != null && table.snapshot(parent) == null) {
        for (DataFile file : snapshot.removedDataFiles(table.io())) {
          replaced.add(file.location());
        }
      }
    }
    if (replaced.isEmpty()) {
      return 0;
    }
    ReferencedFiles referenced = new ReferencedFiles();
    referenced.add(table);
    long removed = 0;
    for (String location : replaced) {
      if (!referenced.contains(location) && table.io().newInputFile(location).exists()) {
        FaultPoints.pass("expire.remove-replaced");
        table.io().deleteFile(location);
        removed++;
      }
    }
    return removed;
  }
}
