package ai.finks.lineage.core;

import ai.finks.schemas.lineage.CommitFacts;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an event says, as items. Each is the same however often and in whatever order the events
 * come, so the store needs no memory of what it took in.
 */
public final class EventItems {
  private static final ObjectMapper JSON = new ObjectMapper();

  private EventItems() {}

  /**
   * The items of one event; none for an event of somebody else's.
   *
   * @throws MalformedEventException if it is no OpenLineage event
   */
  public static List<LineageItem> of(byte[] event) {
    JsonNode root;
    try {
      root = JSON.readTree(event);
    } catch (IOException e) {
      throw new MalformedEventException("no JSON");
    }
    if (root == null || !root.isObject() || !root.path("run").has("runId")) {
      throw new MalformedEventException("no run event");
    }
    JsonNode facts = root.path("run").path("facets").path("finks");
    if (facts.has("snapshot")) {
      return commit(root, facts);
    }
    return facts.has("run_id") ? run(root, facts) : List.of();
  }

  private static List<LineageItem> run(JsonNode root, JsonNode facts) {
    String type = root.path("eventType").asText();
    boolean start = type.equals("START");
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("kind", facts.path("kind").asText());
    values.put("job", root.path("job").path("name").asText());
    values.put("correlation_id", facts.path("correlation_id").asText());
    values.put("outcome", type);
    values.put("asked", facts.path("asked").toString());
    if (!start) {
      values.put("came", facts.path("came").toString());
      values.put("wrote_to", names(root.path("outputs")));
    }
    if (facts.has("failure")) {
      values.put("failure", facts.path("failure").asText());
    }
    String at = root.path("eventTime").asText();
    String sort = (start ? LineageKeys.ASKED : LineageKeys.CAME) + at;
    return List.of(LineageItem.of(LineageKeys.run(facts.path("run_id").asText()), sort, values));
  }

  private static String names(JsonNode datasets) {
    List<String> names = new ArrayList<>();
    datasets.forEach(dataset -> names.add(dataset.path("name").asText()));
    return String.join(",", names);
  }

  private static List<LineageItem> commit(JsonNode root, JsonNode facts) {
    String table = facts.path("table").asText();
    long snapshot = facts.path("snapshot").asLong();
    String at = root.path("eventTime").asText();
    String partition = LineageKeys.snapshot(table, snapshot);
    List<LineageItem> items = new ArrayList<>();
    items.add(LineageItem.of(partition, LineageKeys.COMMIT, about(root, facts, at)));
    String version = LineageKeys.version(table, snapshot);
    runs(facts)
        .forEach(
            (run, records) -> {
              Map<String, Object> values = Map.of("records", records, "committed_at", at);
              items.add(LineageItem.of(partition, LineageKeys.RUN + run, values));
              items.add(LineageItem.of(LineageKeys.run(run), LineageKeys.WROTE + version, values));
            });
    for (JsonNode range : facts.path("ranges")) {
      items.add(range(partition, range));
    }
    facts
        .path("pins")
        .properties()
        .forEach(
            pin -> {
              String read = LineageKeys.version(pin.getKey(), pin.getValue().asLong());
              Map<String, Object> values = Map.of("committed_at", at);
              items.add(LineageItem.of(partition, LineageKeys.READ + read, values));
              items.add(
                  LineageItem.of(
                      LineageKeys.snapshot(pin.getKey(), pin.getValue().asLong()),
                      LineageKeys.GOLD + version,
                      values));
            });
    return items;
  }

  private static Map<String, Object> about(JsonNode root, JsonNode facts, String at) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("committed_at", at);
    values.put("kind", facts.path("kind").asText());
    JsonNode summary = facts.path("summary");
    values.put("files", summary.path("added-data-files").asLong());
    values.put("records", summary.path("added-records").asLong());
    values.put("bytes", summary.path("added-files-size").asLong());
    values.put("removed_files", summary.path("deleted-data-files").asLong());
    JsonNode others = facts.path("runs").path(CommitFacts.OTHER_RUNS);
    if (others.isNumber()) {
      values.put("others", others.asLong());
    }
    if (facts.path("parent").isNumber()) {
      values.put("parent", facts.path("parent").asLong());
    }
    values.put("correlation_ids", facts.path("correlation_ids").toString());
    summary
        .properties()
        .forEach(
            entry -> {
              if (entry.getKey().startsWith("finks.")) {
                values.put(entry.getKey(), entry.getValue().asText());
              }
            });
    return values;
  }

  /** The runs whose records a commit holds; for Gold and maintenance the run that made it. */
  private static Map<String, Long> runs(JsonNode facts) {
    Map<String, Long> runs = new LinkedHashMap<>();
    facts.path("runs").properties().forEach(run -> runs.put(run.getKey(), run.getValue().asLong()));
    runs.remove(CommitFacts.OTHER_RUNS);
    JsonNode summary = facts.path("summary");
    String kind = facts.path("kind").asText();
    String maker =
        kind.equals("gold")
            ? summary.path("finks.gold-run").asText()
            : summary.path("finks." + kind + "-id").asText();
    if (!maker.isEmpty()) {
      runs.putIfAbsent(maker, summary.path("added-records").asLong());
    }
    return runs;
  }

  private static LineageItem range(String partition, JsonNode range) {
    long from = range.path("from").asLong();
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("topic", range.path("topic").asText());
    values.put("stream_id", range.path("stream_id").asText());
    values.put("partition", range.path("partition").asLong());
    values.put("from", from);
    values.put("to", range.path("to").asLong());
    String sort =
        LineageKeys.OFFSETS
            + range.path("topic").asText()
            + "#"
            + range.path("partition").asText()
            + "#"
            + range.path("stream_id").asText();
    // Told again after the snapshot before it was expired, the beginning is not known any more.
    return new LineageItem(partition, sort, values, from >= 0);
  }
}
