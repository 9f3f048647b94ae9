package ai.finks.flink.stream;

import ai.finks.flink.table.OffsetRange;
import ai.finks.flink.table.StreamPartition;

/**
 * Says that everything of a range of one stream partition has been handed on. Sent ahead of each
 * checkpoint barrier: what a checkpoint holds is then exactly what its markers say.
 */
public final class RangeMarker {
  private final StreamPartition partition;
  private final OffsetRange range;

  public RangeMarker(StreamPartition partition, OffsetRange range) {
    this.partition = partition;
    this.range = range;
  }

  public StreamPartition partition() {
    return partition;
  }

  public OffsetRange range() {
    return range;
  }

  @Override
  public String toString() {
    return partition + " " + range;
  }
}
