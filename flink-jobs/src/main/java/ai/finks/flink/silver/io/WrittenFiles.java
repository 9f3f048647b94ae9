package ai.finks.flink.silver.io;

import ai.finks.flink.stream.RangeMarker;
import java.util.EnumMap;
import java.util.List;
import org.apache.iceberg.DataFile;

/** What one subtask wrote for one checkpoint: files by table, and the ranges they come from. */
final class WrittenFiles {
  private final List<RangeMarker> ranges;
  private final EnumMap<PipelineTable, List<DataFile>> files;

  /**
   * @param ranges those of one partition in ascending order
   */
  WrittenFiles(List<RangeMarker> ranges, EnumMap<PipelineTable, List<DataFile>> files) {
    this.ranges = ranges;
    this.files = files;
  }

  List<RangeMarker> ranges() {
    return ranges;
  }

  EnumMap<PipelineTable, List<DataFile>> files() {
    return files;
  }
}
