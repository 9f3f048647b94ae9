package ai.finks.flink.seal;

import java.util.List;
import org.apache.iceberg.DataFile;

/** What a compaction made of a table. */
public final class CompactionReport {
  private final String table;
  private final int partitions;
  private final int filesBefore;
  private final int filesAfter;
  private final long rows;

  private CompactionReport(
      String table, int partitions, int filesBefore, int filesAfter, long rows) {
    this.table = table;
    this.partitions = partitions;
    this.filesBefore = filesBefore;
    this.filesAfter = filesAfter;
    this.rows = rows;
  }

  static CompactionReport nothing(String table) {
    return new CompactionReport(table, 0, 0, 0, 0);
  }

  CompactionReport and(List<SmallFiles.Group> groups, List<DataFile> written) {
    return new CompactionReport(
        table,
        partitions + groups.size(),
        filesBefore + groups.stream().mapToInt(group -> group.files().size()).sum(),
        filesAfter + written.size(),
        rows + written.stream().mapToLong(DataFile::recordCount).sum());
  }

  public String table() {
    return table;
  }

  /** How many of its partitions; an unpartitioned table is one. */
  public int partitions() {
    return partitions;
  }

  /** Small files that were replaced. */
  public int filesBefore() {
    return filesBefore;
  }

  public int filesAfter() {
    return filesAfter;
  }

  /** Rows of the files that were replaced. */
  public long rows() {
    return rows;
  }
}
