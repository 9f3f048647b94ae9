package ai.finks.stack.trace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of a Silver table stand behind a row of a dataset, as the dataset's model declares it
 * and its snapshots carry it.
 *
 * @param entity the table's entity; later steps name its rows by it
 * @param versions over every version of a row: columns that no restatement changes; the newest
 *     version is looked for among these
 * @param rows over the newest versions; null for all of them
 * @param newest which of these count, null for all
 * @param precedence sources, the preferred ones first; others follow by name
 * @param why what the rows have to do with it
 */
record Behind(
    String entity,
    String versions,
    @Nullable String rows,
    @Nullable Newest newest,
    List<String> precedence,
    String why) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Only the newest rows of each group.
   *
   * @param by the column that says what is newer
   * @param per the column whose values make the groups
   * @param rows how many of each group
   */
  record Newest(String by, String per, int rows) {}

  Behind {
    precedence = List.copyOf(precedence);
  }

  /** What a snapshot's summary carries; none for null. */
  static List<Behind> parse(@Nullable String json) {
    List<Behind> steps = new ArrayList<>();
    for (JsonNode step : read(json == null ? "[]" : json)) {
      Map<String, JsonNode> keys = new TreeMap<>();
      step.properties().forEach(entry -> keys.put(entry.getKey(), entry.getValue()));
      List<String> precedence = new ArrayList<>();
      JsonNode sources = keys.remove("precedence");
      if (sources != null) {
        sources.forEach(source -> precedence.add(source.asText()));
      }
      steps.add(
          new Behind(
              required(keys, "table"),
              required(keys, "versions"),
              optional(keys, "rows"),
              newest(keys.remove("newest")),
              precedence,
              required(keys, "why")));
      if (!keys.isEmpty()) {
        throw new RowFilterException("meta.behind has unknown keys: " + keys.keySet());
      }
    }
    return steps;
  }

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new RowFilterException(
          "what a snapshot says of the rows behind it is no JSON: " + json);
    }
  }

  private static @Nullable Newest newest(@Nullable JsonNode node) {
    return node == null
        ? null
        : new Newest(
            node.path("by").asText(), node.path("per").asText(), node.path("rows").asInt(1));
  }

  private static String required(Map<String, JsonNode> keys, String name) {
    String value = optional(keys, name);
    if (value == null) {
      throw new RowFilterException("meta.behind needs '" + name + "'");
    }
    return value;
  }

  private static @Nullable String optional(Map<String, JsonNode> keys, String name) {
    JsonNode node = keys.remove(name);
    return node == null || node.isNull() ? null : node.asText();
  }
}
