package ai.finks.flink.bronze.io;

import ai.finks.flink.table.OffsetRange;
import ai.finks.flink.table.RunCounts;
import ai.finks.flink.table.StreamPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The objects of one checkpoint and the ranges of offsets that they, together, hold. */
final class BronzeCommittable {
  private final long checkpointId;
  private final List<PendingObject> objects;
  private final SortedMap<StreamPartition, OffsetRange> ranges;

  BronzeCommittable(
      long checkpointId,
      List<PendingObject> objects,
      SortedMap<StreamPartition, OffsetRange> ranges) {
    this.checkpointId = checkpointId;
    this.objects = objects;
    this.ranges = ranges;
  }

  /** Those of all writers in one, under the checkpoint that will commit them. */
  static BronzeCommittable merge(long checkpointId, Iterable<BronzeCommittable> parts) {
    List<PendingObject> objects = new ArrayList<>();
    SortedMap<StreamPartition, OffsetRange> ranges = new TreeMap<>();
    for (BronzeCommittable part : parts) {
      objects.addAll(part.objects);
      part.ranges.forEach((partition, range) -> ranges.merge(partition, range, OffsetRange::then));
    }
    return new BronzeCommittable(checkpointId, objects, ranges);
  }

  long checkpointId() {
    return checkpointId;
  }

  List<PendingObject> objects() {
    return objects;
  }

  /** None of them is empty. */
  SortedMap<StreamPartition, OffsetRange> ranges() {
    return ranges;
  }

  /** The runs that the objects' records came from. */
  RunCounts runs() {
    Map<String, Long> records = new TreeMap<>();
    for (PendingObject object : objects) {
      // Values that are no records have no run.
      if (!object.runId().isEmpty()) {
        records.merge(object.runId(), object.content().records(), Long::sum);
      }
    }
    return RunCounts.of(records);
  }

  boolean isEmpty() {
    return ranges.isEmpty();
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof BronzeCommittable)) {
      return false;
    }
    BronzeCommittable that = (BronzeCommittable) other;
    return checkpointId == that.checkpointId
        && objects.equals(that.objects)
        && ranges.equals(that.ranges);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(checkpointId) * 31 + ranges.hashCode();
  }

  @Override
  public String toString() {
    return "checkpoint " + checkpointId + ": " + objects.size() + " objects of " + ranges;
  }
}
