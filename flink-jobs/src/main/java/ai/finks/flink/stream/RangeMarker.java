package ai.finks.flink.stream;

import ai.finks.flink.table.DriftCounts;
import ai.finks.flink.table.OffsetRange;
import ai.finks.flink.table.RunCounts;
import ai.finks.flink.table.StreamPartition;

/**
 * Says that everything of a range of one stream partition has been handed on. Sent ahead of each
 * checkpoint barrier: what a checkpoint holds is then exactly what its markers say.
 */
public final class RangeMarker {
  private final StreamPartition partition;
  private final OffsetRange range;
  private final DriftCounts drift;
  private final RunCounts runs;

  public RangeMarker(StreamPartition partition, OffsetRange range) {
    this(partition, range, DriftCounts.none(), RunCounts.none());
  }

  private RangeMarker(
      StreamPartition partition, OffsetRange range, DriftCounts drift, RunCounts runs) {
    this.partition = partition;
    this.range = range;
    this.drift = drift;
    this.runs = runs;
  }

  /** The same with what was other than known in its records. */
  public RangeMarker with(DriftCounts counts) {
    return new RangeMarker(partition, range, counts, runs);
  }

  /** The same with the runs that its records came from. */
  public RangeMarker with(RunCounts counts) {
    return new RangeMarker(partition, range, drift, counts);
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

  public RunCounts runs() {
    return runs;
  }

  @Override
  public String toString() {
    return partition + " " + range;
  }
}
