package ai.finks.flink.table;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;

/**
 * Says of a fresh table that it need not read what lies before some offsets: an empty commit whose
 * summary carries them. Ranges, markers and accounting of a part of a stream then begin there, and
 * not at zero.
 */
public final class TableStart {
  private TableStart() {}

  /**
   * Records the offsets; does nothing where the table stands at them or beyond.
   *
   * @param from first offset to read, per stream partition
   * @throws JobStoppedException if the table stands before one of them but not at its beginning: it
   *     would skip what lies between
   */
  public static void record(Table table, Map<StreamPartition, Long> from, CommitOrigin origin) {
    FencedAppend.commit(table, new StartAt(table.name(), from), List.of(), origin);
  }

  private static final class StartAt implements Fence {
    private final String table;
    private final SortedMap<StreamPartition, Long> from;

    StartAt(String table, Map<StreamPartition, Long> from) {
      this.table = table;
      this.from = new TreeMap<>(from);
      this.from.values().removeIf(offset -> offset == 0);
    }

    @Override
    public Verdict judge(TableMetadata base) {
      SortedMap<StreamPartition, Long> recorded = RecordedOffsets.of(base);
      Verdict verdict = Verdict.ALREADY_THERE;
      for (Map.Entry<StreamPartition, Long> start : from.entrySet()) {
        long stands = recorded.getOrDefault(start.getKey(), 0L);
        if (stands < start.getValue()) {
          if (stands != 0) {
            throw new JobStoppedException(
                String.format(
                    "Table %s stands at offset %d of %s and cannot be begun at %d",
                    table, stands, start.getKey(), start.getValue()));
          }
          verdict = Verdict.COMMIT;
        }
      }
      return verdict;
    }

    @Override
    public SortedMap<StreamPartition, Long> offsetsAfter(TableMetadata base) {
      SortedMap<StreamPartition, Long> offsets = new TreeMap<>(RecordedOffsets.of(base));
      from.forEach((partition, start) -> offsets.merge(partition, start, Math::max));
      return offsets;
    }

    @Override
    public SortedMap<StreamPartition, Counts> countsAfter(TableMetadata base) {
      return Carrier.newest(base).map(Carrier::counts).orElse(Collections.emptySortedMap());
    }
  }
}
