package ai.finks.flink.table;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;

/** What tables say about how far they have read. */
public final class RecordedOffsets {
  private RecordedOffsets() {}

  /**
   * The next offset to read per stream partition, as of the table's current metadata (refresh it
   * first); empty for a table that was never written.
   *
   * @throws JobStoppedException if the table holds data without offsets
   */
  public static SortedMap<StreamPartition, Long> of(Table table) {
    return of(metadata(table));
  }

  static SortedMap<StreamPartition, Long> of(TableMetadata metadata) {
    return Carrier.newest(metadata).map(Carrier::offsets).orElse(Collections.emptySortedMap());
  }

  /** Where a pipeline starts: the lowest offset that any of its tables still needs, else zero. */
  public static SortedMap<StreamPartition, Long> lowest(
      Collection<Table> tables, Collection<StreamPartition> partitions) {
    List<SortedMap<StreamPartition, Long>> recorded =
        tables.stream().map(RecordedOffsets::of).collect(Collectors.toList());
    SortedMap<StreamPartition, Long> lowest = new TreeMap<>();
    for (StreamPartition partition : partitions) {
      lowest.put(partition, lowest(recorded, partition));
    }
    return lowest;
  }

  /** The lowest offset of one partition over several tables' recorded offsets. */
  public static long lowest(
      Collection<? extends Map<StreamPartition, Long>> recorded, StreamPartition partition) {
    return recorded.stream().mapToLong(map -> map.getOrDefault(partition, 0L)).min().orElse(0L);
  }

  static TableMetadata metadata(Table table) {
    return ((HasTableOperations) table).operations().current();
  }
}
