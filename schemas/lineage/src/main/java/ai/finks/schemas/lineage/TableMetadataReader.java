package ai.finks.schemas.lineage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the commits of an Iceberg table off its metadata file, which is JSON. A fact about a commit
 * is told from here and nowhere else: what is in the table can be told again, what a process knew
 * when it ended cannot.
 */
public final class TableMetadataReader {
  private static final ObjectMapper JSON = new ObjectMapper();

  private TableMetadataReader() {}

  /**
   * The commits of a table's kept snapshots, oldest first, without those that changed nothing.
   *
   * @param table its name
   * @param metadata the content of its metadata file
   */
  public static List<CommitFacts> commits(String table, JsonNode metadata) {
    Map<Long, JsonNode> snapshots = new HashMap<>();
    metadata
        .path("snapshots")
        .forEach(snapshot -> snapshots.put(snapshot.path("snapshot-id").asLong(), snapshot));
    List<JsonNode> ordered = new ArrayList<>(snapshots.values());
    ordered.sort(
        Comparator.<JsonNode>comparingLong(node -> node.path("sequence-number").asLong())
            .thenComparingLong(node -> node.path("timestamp-ms").asLong()));
    List<CommitFacts> commits = new ArrayList<>();
    for (JsonNode snapshot : ordered) {
      CommitFacts commit = commit(table, snapshot, snapshots);
      if (!commit.isSignOfLife()) {
        commits.add(commit);
      }
    }
    return commits;
  }

  private static CommitFacts commit(String table, JsonNode node, Map<Long, JsonNode> snapshots) {
    Map<String, String> summary = new TreeMap<>();
    node.path("summary")
        .properties()
        .forEach(entry -> summary.put(entry.getKey(), entry.getValue().asText()));
    JsonNode parent = node.get("parent-snapshot-id");
    Map<String, Long> runs = new TreeMap<>();
    read(summary.getOrDefault("finks.runs", "{}"))
        .properties()
        .forEach(run -> runs.put(run.getKey(), run.getValue().asLong()));
    return new CommitFacts(
        table,
        node.path("snapshot-id").asLong(),
        parent == null || parent.isNull() ? null : parent.asLong(),
        Instant.ofEpochMilli(node.path("timestamp-ms").asLong()),
        summary,
        runs,
        ranges(summary.get("finks.offsets"), node, snapshots));
  }

  /** What its offsets are ahead of those of the carrier before it. */
  private static List<CommitFacts.Range> ranges(
      @Nullable String offsets, JsonNode node, Map<Long, JsonNode> snapshots) {
    if (offsets == null) {
      return List.of();
    }
    boolean first = node.get("parent-snapshot-id") == null;
    JsonNode before = carrierBefore(node, snapshots);
    JsonNode known = before == null ? JSON.createObjectNode() : read(offsetsOf(before));
    List<CommitFacts.Range> ranges = new ArrayList<>();
    read(offsets)
        .properties()
        .forEach(
            stream ->
                stream
                    .getValue()
                    .properties()
                    .forEach(
                        partition -> {
                          long to = partition.getValue().asLong();
                          JsonNode from = known.path(stream.getKey()).path(partition.getKey());
                          long start = from.asLong(before == null && !first ? -1 : 0);
                          if (to > start && (start >= 0 || to > 0)) {
                            ranges.add(range(stream.getKey(), partition.getKey(), start, to));
                          }
                        }));
    return ranges;
  }

  private static CommitFacts.Range range(String stream, String partition, long from, long to) {
    int at = stream.indexOf('@');
    return new CommitFacts.Range(
        stream.substring(0, Math.max(0, at)),
        stream.substring(at + 1),
        Integer.parseInt(partition),
        from,
        to);
  }

  private static @Nullable JsonNode carrierBefore(JsonNode node, Map<Long, JsonNode> snapshots) {
    JsonNode at = node;
    while (true) {
      JsonNode parent = at.get("parent-snapshot-id");
      JsonNode before = parent == null ? null : snapshots.get(parent.asLong());
      if (before == null || before.path("summary").has("finks.offsets")) {
        return before;
      }
      at = before;
    }
  }

  private static String offsetsOf(JsonNode snapshot) {
    return snapshot.path("summary").path("finks.offsets").asText("{}");
  }

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("No JSON in a snapshot's summary: " + json, e);
    }
  }
}
