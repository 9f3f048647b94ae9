package ai.finks.lineage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Metadata files of a table, as Iceberg writes them, of what matters here. */
public final class Metadata {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ObjectNode root = JSON.createObjectNode();
  private long sequence;

  public Metadata(String location) {
    root.put("format-version", 2).put("location", location).putArray("snapshots");
  }

  /** A commit of a live job. */
  public Metadata commit(long snapshot, Map<String, Long> runs, long... nextOffsets)
      throws Exception {
    ObjectNode offsets = JSON.createObjectNode();
    ObjectNode stream = offsets.putObject("fmp.bars.raw.v1@stream-1");
    for (int partition = 0; partition < nextOffsets.length; partition++) {
      stream.put(Integer.toString(partition), nextOffsets[partition]);
    }
    return snapshot(
        snapshot,
        Map.of(
            "operation",
            "append",
            "added-data-files",
            "2",
            "added-records",
            "10",
            "added-files-size",
            "1000",
            "finks.offsets",
            offsets.toString(),
            "finks.runs",
            JSON.writeValueAsString(runs)));
  }

  /** Any commit. */
  public Metadata snapshot(long snapshot, Map<String, String> summary) {
    sequence++;
    ObjectNode node = root.withArray("/snapshots").addObject();
    node.put("sequence-number", sequence).put("snapshot-id", snapshot);
    JsonNode before = root.get("current-snapshot-id");
    if (before != null) {
      node.put("parent-snapshot-id", before.asLong());
    }
    node.put("timestamp-ms", 1_767_225_600_000L + sequence * 1000);
    ObjectNode said = node.putObject("summary");
    summary.forEach(said::put);
    root.put("current-snapshot-id", snapshot);
    return this;
  }

  /** Takes the oldest snapshots away. */
  public Metadata expire(int count) {
    for (int i = 0; i < count; i++) {
      root.withArray("/snapshots").remove(0);
    }
    return this;
  }

  public byte[] bytes() {
    return root.toString().getBytes(StandardCharsets.UTF_8);
  }
}
