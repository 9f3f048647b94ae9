package ai.finks.flink.table;

import java.time.Duration;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.jspecify.annotations.Nullable;

/** Lets a newcomer yield to another copy of the job that is still committing. */
public final class ForeignWriters {
  private ForeignWriters() {}

  /**
   * Refuses to go on if another submission moved offsets of this job's partitions lately.
   *
   * @param mine the partitions of this job: other jobs may write to the same table
   * @param window how long ago a commit still counts as a sign of life
   * @throws JobStoppedException naming the table and the other writer
   */
  public static void requireNone(
      Table table,
      String writerId,
      Predicate<StreamPartition> mine,
      Duration window,
      long nowMillis) {
    TableMetadata metadata = RecordedOffsets.metadata(table);
    Snapshot snapshot = Carrier.newestSnapshot(metadata);
    while (snapshot != null && snapshot.timestampMillis() > nowMillis - window.toMillis()) {
      Carrier carrier = Carrier.of(snapshot);
      Long parent = snapshot.parentId();
      Snapshot before =
          parent == null ? null : Carrier.previousSnapshot(metadata, metadata.snapshot(parent));
      if (!carrier.writerId().equals(writerId) && !moved(carrier, before, mine).isEmpty()) {
        throw new JobStoppedException(
            String.format(
                "Table %s was written by another submission (%s) within the last %s. End that copy"
                    + " of the job, or start this one with take-over=true: the other is then"
                    + " fenced at its next commit.",
                table.name(), carrier.writerId(), window));
      }
      snapshot = before;
    }
  }

  private static SortedMap<StreamPartition, Long> moved(
      Carrier carrier, @Nullable Snapshot before, Predicate<StreamPartition> mine) {
    SortedMap<StreamPartition, Long> moved = new TreeMap<>(carrier.offsets());
    if (before != null) {
      SortedMap<StreamPartition, Long> earlier = Carrier.of(before).offsets();
      moved.entrySet().removeIf(e -> Objects.equals(e.getValue(), earlier.get(e.getKey())));
    }
    moved.keySet().removeIf(mine.negate());
    return moved;
  }
}
