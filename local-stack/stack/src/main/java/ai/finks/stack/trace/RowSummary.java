package ai.finks.stack.trace;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.data.Record;

/** How many rows there are, of which runs, and where they lie in the stream. */
final class RowSummary {
  private static final int MOST_RANGES = 64;
  private static final Comparator<Origin> BY_PARTITION =
      Comparator.comparing(Origin::topic)
          .thenComparing(Origin::streamId)
          .thenComparingInt(Origin::partition);

  private final Map<Origin, Extent> extents = new HashMap<>();
  private long rows;

  static RowSummary of(List<Record> rows) {
    RowSummary summary = new RowSummary();
    for (Record row : rows) {
      Coordinate at = Coordinate.of(row);
      Origin origin = new Origin(at.topic(), at.streamId(), at.partition(), at.runId());
      summary.add(origin, at.offset());
    }
    return summary;
  }

  void add(Origin origin, long offset) {
    rows++;
    extents.computeIfAbsent(origin, unknown -> new Extent()).add(offset, offset, 1);
  }

  long rows() {
    return rows;
  }

  void put(ObjectNode section, int shown) {
    section.put("rows_total", rows).put("rows_shown", shown);
    Map<String, Long> runs = new TreeMap<>();
    Map<Origin, Extent> partitions = new TreeMap<>(BY_PARTITION);
    extents.forEach(
        (origin, extent) -> {
          runs.merge(origin.runId(), extent.rows, Long::sum);
          partitions
              .computeIfAbsent(origin, unknown -> new Extent())
              .add(extent.first, extent.last, extent.rows);
        });
    ArrayNode offsets = section.putArray("offsets");
    partitions.entrySet().stream()
        .limit(MOST_RANGES)
        .forEach(entry -> entry.getValue().put(offsets.addObject(), entry.getKey()));
    section.put("partitions_total", partitions.size());
    ObjectNode byRun = section.putObject("runs");
    runs.forEach(byRun::put);
  }

  /** The first and the last of some offsets, and how many rows are there. */
  private static final class Extent {
    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;
    private long rows;

    void add(long from, long to, long more) {
      first = Math.min(first, from);
      last = Math.max(last, to);
      rows += more;
    }

    void put(ObjectNode node, Origin origin) {
      node.put("topic", origin.topic())
          .put("stream_id", origin.streamId())
          .put("partition", origin.partition());
      node.put("first", first).put("last", last).put("rows", rows);
    }
  }
}
