package ai.finks.flink.stream;

import ai.finks.flink.table.DriftCounts;
import ai.finks.flink.table.OffsetRange;
import ai.finks.flink.table.StreamPartition;

/**
 * Says that everything of a range of one stream partition has been handed on. Sent ahead of each
 * checkpoint barrier: what a checkpoint holds is then exactly what its markers say.
 */
public final class RangeMarker {
  private final StreamPartition partition;
  private final OffsetRange range;
  private final DriftCounts drift;

  public RangeMarker(StreamPartition partition, OffsetRange range) {
    this(partition, range, DriftCounts.none());
  }

  private RangeMarker(StreamPartition partition, OffsetRange range, DriftCounts drift) {
    this.partition = partition;
    this.range = range;
    this.drift = drift;
  }

  /** The same with what was other than known in its records. */
  public RangeMarker with(DriftCounts counts) {
    return new RangeMarker(partition, range, counts);
  }

  public StreamPartition partition() {
    return partition;
  }

  public OffsetRange range() {
    return range;
  }

  public DriftCounts drift() {
    return drift;
  }

  @Override
  public String toString() {
    return partition + " " + range;
  }
}
