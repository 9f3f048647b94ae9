package ai.finks.flink.history;

import ai.finks.flink.table.Counts;
import ai.finks.flink.table.OffsetRange;
import ai.finks.flink.table.StreamPartition;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** A part of the past: one range of offsets of each of some stream partitions. Immutable. */
public final class HistoryRanges {
  private final SortedMap<StreamPartition, OffsetRange> ranges;

  private HistoryRanges(SortedMap<StreamPartition, OffsetRange> ranges) {
    this.ranges = Collections.unmodifiableSortedMap(ranges);
  }

  /** Those of the ranges that are not empty. */
  public static HistoryRanges of(Map<StreamPartition, OffsetRange> ranges) {
    TreeMap<StreamPartition, OffsetRange> kept = new TreeMap<>(ranges);
    kept.values().removeIf(OffsetRange::isEmpty);
    return new HistoryRanges(kept);
  }

  /** From the first offsets to the ones behind the last; partitions without an end are left out. */
  public static HistoryRanges between(
      Map<StreamPartition, Long> starts, Map<StreamPartition, Long> ends) {
    TreeMap<StreamPartition, OffsetRange> ranges = new TreeMap<>();
    ends.forEach(
        (partition, end) -> {
          long start = Math.min(end, starts.getOrDefault(partition, 0L));
          ranges.put(partition, OffsetRange.of(start, end, Counts.none()));
        });
    return of(ranges);
  }

  public SortedMap<StreamPartition, OffsetRange> asMap() {
    return ranges;
  }

  public boolean isEmpty() {
    return ranges.isEmpty();
  }

  /** The number of offsets: at least the number of messages. */
  public long offsets() {
    return ranges.values().stream().mapToLong(range -> range.end() - range.start()).sum();
  }

  public SortedSet<String> topics() {
    SortedSet<String> topics = new TreeSet<>();
    ranges.keySet().forEach(partition -> topics.add(partition.topic()));
    return topics;
  }

  /** First offset per partition. */
  public SortedMap<StreamPartition, Long> starts() {
    SortedMap<StreamPartition, Long> starts = new TreeMap<>();
    ranges.forEach((partition, range) -> starts.put(partition, range.start()));
    return starts;
  }

  /** The offset behind the last, per partition. */
  public SortedMap<StreamPartition, Long> ends() {
    SortedMap<StreamPartition, Long> ends = new TreeMap<>();
    ranges.forEach((partition, range) -> ends.put(partition, range.end()));
    return ends;
  }

  /** What is left of it for tables that stand at those offsets. */
  public HistoryRanges from(Map<StreamPartition, Long> recorded) {
    TreeMap<StreamPartition, Long> starts = new TreeMap<>(starts());
    recorded.forEach(
        (partition, offset) -> starts.computeIfPresent(partition, (p, s) -> Math.max(s, offset)));
    return between(starts, ends());
  }

  @Override
  public String toString() {
    return ranges.toString();
  }
}
