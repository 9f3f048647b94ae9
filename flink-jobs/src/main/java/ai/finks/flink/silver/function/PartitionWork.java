package ai.finks.flink.silver.function;

import ai.finks.flink.silver.core.KeyMemory;
import ai.finks.flink.silver.core.KnownVersions;
import ai.finks.flink.silver.core.PreviousValues;
import ai.finks.flink.stream.PartitionProgress;
import ai.finks.flink.table.StreamPartition;

/** Everything the job remembers about one stream partition while it reads it. */
public final class PartitionWork {
  private final PartitionProgress progress;
  private final KeyMemory memory;
  private final RangeCounts counts = new RangeCounts();
  private final RangeDrift drift = new RangeDrift();
  private final RangeRuns runs = new RangeRuns();

  public PartitionWork(PartitionProgress progress, KeyMemory memory) {
    this.progress = progress;
    this.memory = memory;
  }

  public StreamPartition partition() {
    return progress.partition();
  }

  PartitionProgress progress() {
    return progress;
  }

  public KnownVersions knownVersions() {
    return memory.versions();
  }

  public PreviousValues previousValues() {
    return memory.previousValues();
  }

  public RangeCounts counts() {
    return counts;
  }

  /** Which runs the range's records came from. */
  public RangeRuns runs() {
    return runs;
  }

  /** What is other than known in the range's records. */
  public RangeDrift drift() {
    return drift;
  }
}
