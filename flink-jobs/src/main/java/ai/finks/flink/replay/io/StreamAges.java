package ai.finks.flink.replay.io;

import ai.finks.flink.replay.core.ReplayPlan;
import ai.finks.flink.table.StreamPartition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;

/** Which stream of a topic came after which: a topic that is created anew is another stream. */
final class StreamAges {
  private final Map<String, Long> firstSeen = new HashMap<>();

  /**
   * @param ledger of Bronze; a stream that it does not know is the youngest
   */
  StreamAges(Table ledger) {
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(ledger).select("stream_id", "committed_at").build()) {
      for (Record row : rows) {
        firstSeen.merge(
            (String) row.getField("stream_id"),
            ((OffsetDateTime) row.getField("committed_at")).toInstant().toEpochMilli(),
            Math::min);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + ledger.name(), e);
    }
  }

  private long firstSeen(String streamId) {
    return firstSeen.getOrDefault(streamId, Long.MAX_VALUE);
  }

  /** What is read of a plan one after the other: the older streams of a topic first. */
  List<SortedSet<StreamPartition>> inOrder(ReplayPlan plan) {
    Map<String, List<String>> streams = new HashMap<>();
    for (StreamPartition partition : plan.offsets().keySet()) {
      List<String> ofTopic = streams.computeIfAbsent(partition.topic(), t -> new ArrayList<>());
      if (!ofTopic.contains(partition.streamId())) {
        ofTopic.add(partition.streamId());
      }
    }
    List<SortedSet<StreamPartition>> order = new ArrayList<>();
    streams.values().forEach(ids -> ids.sort(Comparator.comparingLong(this::firstSeen)));
    for (StreamPartition partition : plan.offsets().keySet()) {
      int turn = streams.getOrDefault(partition.topic(), List.of()).indexOf(partition.streamId());
      while (order.size() <= turn) {
        order.add(new TreeSet<>());
      }
      order.get(turn).add(partition);
    }
    return order;
  }

  /** Of the known streams those that are younger than all of some partitions' streams. */
  List<String> after(SortedSet<StreamPartition> partitions) {
    long youngest =
        partitions.stream().mapToLong(p -> firstSeen(p.streamId())).max().orElse(Long.MAX_VALUE);
    return firstSeen.keySet().stream()
        .filter(id -> firstSeen(id) > youngest)
        .collect(Collectors.toList());
  }
}
