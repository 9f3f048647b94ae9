package ai.finks.stack.lake;

import ai.finks.flink.table.Carrier;
import ai.finks.flink.table.CountKind;
import ai.finks.flink.table.Counts;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.RecordedOffsets;
import ai.finks.flink.table.StreamPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NoSuchTableException;

/** How far the lake has come, as its own tables say. */
public final class LakeProgress {
  private final Lake lake;

  /** Reads from {@code lake}, each time anew. */
  public LakeProgress(Lake lake) {
    this.lake = lake;
  }

  /**
   * What is still missing until every table holds its streams up to {@code ends}.
   *
   * @return records to go, per table, of the tables that are behind
   */
  public SortedMap<String, Long> behind(Map<StreamPartition, Long> ends) {
    SortedMap<String, Long> behind = new TreeMap<>();
    Map<String, Map<StreamPartition, Long>> byEntity = new TreeMap<>();
    ends.forEach(
        (partition, end) ->
            RawTopic.parse(partition.topic())
                .ifPresent(
                    topic ->
                        byEntity
                            .computeIfAbsent(topic.entity(), entity -> new TreeMap<>())
                            .put(partition, end)));
    byEntity.forEach(
        (entity, entityEnds) -> {
          addLag(behind, LakeTables.silver(entity), entityEnds);
          addLag(behind, LakeTables.quarantine(entity), entityEnds);
          addLag(behind, LakeTables.marks(entity), entityEnds);
        });
    addLag(behind, LakeTables.ACCOUNTING, ends);
    addLag(behind, LakeTables.BRONZE_FILES, ends);
    return behind;
  }

  /** Counts per entity, records of every kind together, in order of their names. */
  public SortedMap<String, EntityCounts> counts() {
    SortedMap<String, EntityCounts> counts = new TreeMap<>();
    for (CountKind kind : CountKind.values()) {
      counts(kind).forEach((entity, count) -> counts.merge(entity, count, EntityCounts::plus));
    }
    return counts;
  }

  /** Counts of one kind of records per entity, in order of their names. */
  public SortedMap<String, EntityCounts> counts(CountKind kind) {
    SortedMap<String, EntityCounts> counts = new TreeMap<>();
    accounting()
        .forEach(
            (partition, count) ->
                RawTopic.parse(partition.topic())
                    .ifPresent(
                        topic ->
                            counts.merge(
                                topic.entity(), EntityCounts.of(count, kind), EntityCounts::plus)));
    return counts;
  }

  /** The partitions whose counts of a kind do not add up; none, ever. */
  public List<StreamPartition> unbalanced() {
    List<StreamPartition> unbalanced = new ArrayList<>();
    accounting()
        .forEach(
            (partition, count) -> {
              for (CountKind kind : CountKind.values()) {
                if (!EntityCounts.of(count, kind).balanced()) {
                  unbalanced.add(partition);
                }
              }
            });
    return unbalanced;
  }

  /** When a table was last committed to, epoch milliseconds, or empty for a new or missing one. */
  public Optional<Long> lastCommitMillis(TableIdentifier identifier) {
    return load(identifier)
        .map(Table::currentSnapshot)
        .map(org.apache.iceberg.Snapshot::timestampMillis);
  }

  private SortedMap<StreamPartition, Counts> accounting() {
    return load(LakeTables.ACCOUNTING)
        .flatMap(table -> Carrier.newest(((HasTableOperations) table).operations().current()))
        .map(Carrier::counts)
        .orElseGet(TreeMap::new);
  }

  private void addLag(
      SortedMap<String, Long> behind, TableIdentifier identifier, Map<StreamPartition, Long> ends) {
    Map<StreamPartition, Long> recorded =
        load(identifier).map(RecordedOffsets::of).orElseGet(TreeMap::new);
    long lag = 0;
    for (Map.Entry<StreamPartition, Long> end : ends.entrySet()) {
      lag += Math.max(0, end.getValue() - recorded.getOrDefault(end.getKey(), 0L));
    }
    if (lag > 0) {
      behind.put(identifier.toString(), lag);
    }
  }

  private Optional<Table> load(TableIdentifier identifier) {
    try {
      return Optional.of(lake.load(identifier));
    } catch (NoSuchTableException e) {
      return Optional.empty();
    }
  }
}
