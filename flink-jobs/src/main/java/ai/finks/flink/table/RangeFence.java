package ai.finks.flink.table;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;

/**
 * Decides whether ranges of offsets may be added to a table in a given state.
 *
 * <p>The table takes ranges only where it stands at their start. Where it is past their end, they
 * are there already if they came out of restored state or if this very submission wrote them.
 * Everything else means that another writer moved these offsets. Nor does a table take ranges from
 * a submission that another one has replaced, even where the offsets would fit.
 */
final class RangeFence implements Fence {
  private final String table;
  private final SortedMap<StreamPartition, OffsetRange> ranges;
  private final CommitOrigin origin;

  RangeFence(String table, Map<StreamPartition, OffsetRange> ranges, CommitOrigin origin) {
    if (ranges.isEmpty() || ranges.values().stream().anyMatch(OffsetRange::isEmpty)) {
      throw new IllegalArgumentException("A commit needs ranges that are not empty: " + ranges);
    }
    this.table = table;
    this.ranges = new TreeMap<>(ranges);
    this.origin = origin;
  }

  @Override
  public Verdict judge(TableMetadata base) {
    SortedMap<StreamPartition, Long> recorded = RecordedOffsets.of(base);
    boolean atStart = true;
    boolean pastEnd = true;
    for (Map.Entry<StreamPartition, OffsetRange> entry : ranges.entrySet()) {
      long offset = recorded.getOrDefault(entry.getKey(), 0L);
      atStart &= offset == entry.getValue().start();
      pastEnd &= offset >= entry.getValue().end();
    }
    if (atStart && Submissions.isReplaced(base, origin)) {
      throw Submissions.replaced(table, base, origin);
    }
    if (atStart) {
      return Verdict.COMMIT;
    }
    if (pastEnd && (origin.isRestored() || writtenByThisSubmission(base))) {
      return Verdict.ALREADY_THERE;
    }
    throw fenced(recorded);
  }

  @Override
  public SortedMap<StreamPartition, Long> offsetsAfter(TableMetadata base) {
    SortedMap<StreamPartition, Long> offsets = new TreeMap<>(RecordedOffsets.of(base));
    ranges.forEach((partition, range) -> offsets.put(partition, range.end()));
    return offsets;
  }

  @Override
  public SortedMap<StreamPartition, Counts> countsAfter(TableMetadata base) {
    SortedMap<StreamPartition, Counts> counts = new TreeMap<>();
    Carrier.newest(base).ifPresent(carrier -> counts.putAll(carrier.counts()));
    ranges.forEach((partition, range) -> counts.merge(partition, range.counts(), Counts::plus));
    return counts;
  }

  /** Walks back to the carrier that first held the ranges' ends and asks who wrote it. */
  private boolean writtenByThisSubmission(TableMetadata base) {
    Carrier first = null;
    Snapshot snapshot = Carrier.newestSnapshot(base);
    while (snapshot != null) {
      Carrier carrier = Carrier.of(snapshot);
      if (!holdsAllEnds(carrier)) {
        break;
      }
      first = carrier;
      snapshot = Carrier.before(base, snapshot);
    }
    return first != null && first.writerId().equals(origin.writerId());
  }

  private boolean holdsAllEnds(Carrier carrier) {
    return ranges.entrySet().stream()
        .allMatch(
            entry -> carrier.offsets().getOrDefault(entry.getKey(), 0L) >= entry.getValue().end());
  }

  private FencedException fenced(SortedMap<StreamPartition, Long> recorded) {
    StringBuilder message =
        new StringBuilder("Another writer moved the offsets of table ")
            .append(table)
            .append("; this copy of job ")
            .append(origin.job())
            .append(" stops and writes nothing more.");
    ranges.forEach(
        (partition, range) ->
            message
                .append(' ')
                .append(partition)
                .append(" stands at ")
                .append(recorded.getOrDefault(partition, 0L))
                .append(", mine is ")
                .append(range)
                .append('.'));
    return new FencedException(
        message.append(" Start the job without state: it continues from the tables.").toString());
  }
}
