package ai.finks.flink.silver.io;

import ai.finks.flink.silver.core.Arrivals;
import ai.finks.flink.silver.core.KeyMemory;
import ai.finks.flink.silver.core.SilverPlan;
import ai.finks.flink.table.StreamPartition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;

/** The partitions whose memories are being filled, and which of them a stored row concerns. */
final class MemoryTargets {
  private final TreeMap<StreamPartition, MemoryTarget> targets = new TreeMap<>();
  private final Map<String, Map<Integer, MemoryTarget>> byStream = new HashMap<>();
  private final Map<String, List<MemoryTarget>> bySource = new HashMap<>();

  MemoryTargets(
      SilverPlan plan,
      Function<String, String> sourceOfTopic,
      Map<StreamPartition, Long> beforeOffsets) {
    beforeOffsets.forEach(
        (partition, before) -> {
          MemoryTarget target = new MemoryTarget(plan, before);
          targets.put(partition, target);
          byStream
              .computeIfAbsent(partition.streamId(), id -> new HashMap<>())
              .put(partition.partition(), target);
          bySource
              .computeIfAbsent(sourceOfTopic.apply(partition.topic()), s -> new ArrayList<>())
              .add(target);
        });
  }

  /** What a row is to a partition. */
  @FunctionalInterface
  interface Reader {
    /**
     * @param position the row's place in the partition, or {@link MemoryTarget#EARLIER}
     */
    void read(MemoryTarget target, long position);
  }

  /** Which files may hold rows that concern one of the partitions. */
  Expression files() {
    Expression all = Expressions.alwaysFalse();
    for (Map.Entry<String, Map<Integer, MemoryTarget>> stream : byStream.entrySet()) {
      all =
          Expressions.or(
              all,
              Expressions.and(
                  Expressions.equal("_stream_id", stream.getKey()),
                  Expressions.in("_partition", stream.getValue().keySet())));
    }
    return Expressions.or(
        all,
        Expressions.and(
            Expressions.in("_source", bySource.keySet()),
            Expressions.notIn("_stream_id", byStream.keySet())));
  }

  /** Gives a row to every partition that it concerns. */
  void forEach(Record row, Reader reader) {
    String streamId = (String) row.getField("_stream_id");
    Map<Integer, MemoryTarget> partitions = byStream.get(streamId);
    if (partitions == null) {
      for (MemoryTarget target : earlier((String) row.getField("_source"))) {
        reader.read(target, MemoryTarget.EARLIER);
      }
      return;
    }
    MemoryTarget target = partitions.get((Integer) row.getField("_partition"));
    long offset = (Long) row.getField("_offset");
    if (target != null && offset < target.beforeOffset()) {
      reader.read(target, Arrivals.position(offset, (Integer) row.getField("_element")));
    }
  }

  private List<MemoryTarget> earlier(String source) {
    return bySource.getOrDefault(source, List.of());
  }

  /** Sets each partition's clock to what its rows tell. */
  void startClocks() {
    targets.values().forEach(MemoryTarget::startClock);
  }

  Map<StreamPartition, KeyMemory> memories() {
    Map<StreamPartition, KeyMemory> memories = new HashMap<>();
    targets.forEach((partition, target) -> memories.put(partition, target.memory()));
    return memories;
  }
}
