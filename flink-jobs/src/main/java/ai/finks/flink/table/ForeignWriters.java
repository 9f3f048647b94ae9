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
   * Refuses to go on if another submission of the job showed a sign of life lately, or anybody
   * moved offsets of this job's partitions.
   *
   * @param origin this submission
   * @param mine the partitions of this job: other jobs may write to the same table
   * @param window how long ago a commit still counts as a sign of life
   * @throws JobStoppedException naming the table and the other writer
   */
  public static void requireNone(
      Table table,
      CommitOrigin origin,
      Predicate<StreamPartition> mine,
      Duration window,
      long nowMillis) {
    TableMetadata metadata = RecordedOffsets.metadata(table);
    Snapshot snapshot = Carrier.newestSnapshot(metadata);
    while (snapshot != null && snapshot.timestampMillis() > nowMillis - window.toMillis()) {
      Carrier carrier = Carrier.of(snapshot);
      Snapshot before = Carrier.before(metadata, snapshot);
      boolean sameJob = carrier.isOfJobOf(origin);
      if (sameJob && carrier.writerId().equals(origin.writerId())) {
        // What others wrote before it was settled when this submission began.
        return;
      }
      boolean signOfLife = sameJob && moved(carrier, before, partition -> true).isEmpty();
      if (signOfLife || !moved(carrier, before, mine).isEmpty()) {
        throw isAlive(table.name(), carrier, window);
      }
      snapshot = before;
    }
  }

  static JobStoppedException isAlive(String table, Carrier carrier, Duration window) {
    return new JobStoppedException(
        String.format(
            "Table %s was written by another submission (%s) within the last %s. End that copy of"
                + " the job, or start this one with take-over=true: the other is then fenced at its"
                + " next commit.",
            table, carrier.writerId(), window));
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
