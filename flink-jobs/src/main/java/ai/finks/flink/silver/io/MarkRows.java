package ai.finks.flink.silver.io;

import ai.finks.flink.silver.core.SilverRow;
import ai.finks.flink.table.StreamPartition;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;

/** Rows that remember the advance of a known version. */
public final class MarkRows {
  private MarkRows() {}

  public static RowData of(SilverRow row, StreamPartition partition, long offset, int element) {
    return GenericRowData.of(
        StringData.fromString(row.source()),
        StringData.fromString(row.batchId()),
        row.sequence(),
        row.version(),
        StringData.fromString(partition.streamId()),
        StringData.fromString(partition.topic()),
        partition.partition(),
        offset,
        element,
        SilverRowData.hash(row),
        row.keyHi(),
        row.keyLo());
  }
}
