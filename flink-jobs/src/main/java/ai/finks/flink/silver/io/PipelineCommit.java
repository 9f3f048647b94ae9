package ai.finks.flink.silver.io;

import ai.finks.flink.table.OffsetRange;
import ai.finks.flink.table.RunCounts;
import ai.finks.flink.table.StreamPartition;
import java.util.EnumMap;
import java.util.List;
import java.util.SortedMap;
import org.apache.iceberg.DataFile;

/** All that one checkpoint adds to a pipeline's tables; nothing at all is a sign of life. */
final class PipelineCommit {

  /** What one table takes: files, the ranges that it did not have yet, and whose they are. */
  static final class TableCommit {
    private final SortedMap<StreamPartition, OffsetRange> ranges;
    private final List<DataFile> files;
    private final RunCounts runs;

    TableCommit(
        SortedMap<StreamPartition, OffsetRange> ranges, List<DataFile> files, RunCounts runs) {
      if (ranges.isEmpty() && !files.isEmpty()) {
        throw new IllegalStateException("Files without the ranges they come from: " + files);
      }
      this.ranges = ranges;
      this.files = files;
      this.runs = runs;
    }

    SortedMap<StreamPartition, OffsetRange> ranges() {
      return ranges;
    }

    List<DataFile> files() {
      return files;
    }

    /** The runs that the ranges' records came from. */
    RunCounts runs() {
      return runs;
    }
  }

  private final long checkpointId;
  private final EnumMap<PipelineTable, TableCommit> tables;

  PipelineCommit(long checkpointId, EnumMap<PipelineTable, TableCommit> tables) {
    this.checkpointId = checkpointId;
    this.tables = tables;
  }

  static PipelineCommit signOfLife(long checkpointId) {
    return new PipelineCommit(checkpointId, new EnumMap<>(PipelineTable.class));
  }

  boolean isSignOfLife() {
    return tables.isEmpty();
  }

  long checkpointId() {
    return checkpointId;
  }

  EnumMap<PipelineTable, TableCommit> tables() {
    return tables;
  }
}
