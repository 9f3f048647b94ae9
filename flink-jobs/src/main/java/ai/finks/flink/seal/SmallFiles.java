package ai.finks.flink.seal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.util.PropertyUtil;

/** Finds the partitions of a table that are worth being compacted. */
final class SmallFiles {
  private static final long DEFAULT_TARGET_BYTES = 128L << 20;

  /** So much is written before it is published: what a conflict or a kill may cost. */
  private static final long COMMIT_BYTES = 1L << 30;

  private static final Comparator<List<String>> BY_WORDS =
      Comparator.comparing(values -> String.join("/", values));

  private final Table table;
  private final int leastFiles;
  private final long targetBytes;

  SmallFiles(Table table, int leastFiles) {
    this.table = table;
    this.leastFiles = leastFiles;
    this.targetBytes =
        PropertyUtil.propertyAsLong(
            table.properties(), TableProperties.WRITE_TARGET_FILE_SIZE_BYTES, DEFAULT_TARGET_BYTES);
  }

  /** Small files of one partition. */
  static final class Group {
    private final List<String> partition;
    private final List<DataFile> files = new ArrayList<>();
    private long bytes;

    private Group(List<String> partition) {
      this.partition = partition;
    }

    private void add(DataFile file) {
      files.add(file);
      bytes += file.fileSizeInBytes();
    }

    List<String> partition() {
      return partition;
    }

    List<DataFile> files() {
      return files;
    }

    long bytes() {
      return bytes;
    }
  }

  /** Many files, and at least twice as many as their bytes need. */
  private boolean isWorthIt(Group group) {
    return group.files().size() >= leastFiles
        && group.files().size() >= 2 * (group.bytes() / targetBytes + 1);
  }

  /**
   * The groups that one commit takes, at the table's current snapshot; none where nothing is to be
   * done.
   *
   * @param rows those of whole partitions
   * @param done partitions that are left as they are
   */
  List<Group> batch(Expression rows, Set<List<String>> done) {
    List<Group> batch = new ArrayList<>();
    if (table.currentSnapshot() == null) {
      return batch;
    }
    long bytes = 0;
    for (Group group : groups(rows).values()) {
      if (bytes < COMMIT_BYTES && isWorthIt(group) && !done.contains(group.partition())) {
        batch.add(group);
        bytes += group.bytes();
      }
    }
    return batch;
  }

  private Map<List<String>, Group> groups(Expression rows) {
    Map<List<String>, Group> groups = new TreeMap<>(BY_WORDS);
    try (CloseableIterable<FileScanTask> tasks = table.newScan().filter(rows).planFiles()) {
      for (FileScanTask task : tasks) {
        DataFile file = task.file();
        if (file.fileSizeInBytes() < targetBytes / 2 && file.specId() == table.spec().specId()) {
          groups
              .computeIfAbsent(Compaction.partition(file), Group::new)
              .add(file.copyWithoutStats());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return groups;
  }
}
