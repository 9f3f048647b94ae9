package ai.finks.flink.replay.core;

import ai.finks.flink.table.OffsetRange;
import ai.finks.flink.table.StreamPartition;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Which rows of a table a replay gives anew: those of its offsets that its range takes. */
public final class ReplayScope {
  private final Map<String, Map<Integer, OffsetRange>> ranges = new HashMap<>();
  private final ReplayRange range;

  public ReplayScope(SortedMap<StreamPartition, OffsetRange> offsets, ReplayRange range) {
    this.range = range;
    offsets.forEach(
        (partition, replayed) ->
            ranges
                .computeIfAbsent(partition.streamId(), id -> new HashMap<>())
                .put(partition.partition(), replayed));
  }

  /** Whether a coordinate lies in the replayed offsets. */
  public boolean reads(String streamId, int partition, long offset) {
    OffsetRange replayed = of(streamId, partition);
    return replayed != null && replayed.start() <= offset && offset < replayed.end();
  }

  /** Whether a row of these times is meant. */
  public boolean takes(long eventMicros, long ingestMicros) {
    return range.takes(eventMicros, ingestMicros);
  }

  private @Nullable OffsetRange of(String streamId, int partition) {
    Map<Integer, OffsetRange> ofStream = ranges.get(streamId);
    return ofStream == null ? null : ofStream.get(partition);
  }
}
