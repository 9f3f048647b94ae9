package ai.finks.stack.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** A trace as a tree for people. */
final class TraceTree {
  private static final int MOST_RUNS = 5;
  private static final int MOST_PAYLOAD = 400;

  private final Consumer<String> out;

  TraceTree(Consumer<String> out) {
    this.out = out;
  }

  void print(JsonNode trace) {
    out.accept(trace.path("relation").asText());
    if (trace.has("build")) {
      build(trace);
      for (JsonNode row : trace.path("rows")) {
        line(0, "row " + values(row.path("row"), Integer.MAX_VALUE));
        row.path("behind").forEach(section -> section(1, section));
        if (row.path("behind").isEmpty()) {
          line(1, "its model does not declare which rows stand behind it (meta.behind)");
        }
      }
      if (trace.path("rows").isEmpty()) {
        line(0, "no row matches");
      }
      if (trace.path("more_rows").asBoolean()) {
        line(0, "… and more rows; a narrower --where shows them");
      }
    }
    if (trace.has("silver")) {
      section(0, trace.path("silver"));
    }
    if (trace.has("stream")) {
      line(0, "stream " + trace.path("stream").asText() + "; raw records are from Bronze");
    }
    line(0, String.format("%.3f s", trace.path("seconds").asDouble()));
  }

  private void build(JsonNode trace) {
    JsonNode build = trace.path("build");
    line(
        0,
        "build "
            + build.path("run_id").asText()
            + " published snapshot "
            + trace.path("snapshot").asText()
            + " at "
            + trace.path("published_at").asText()
            + ", code "
            + build.path("code_version").asText());
    JsonNode tests = trace.path("tests");
    line(
        1,
        String.format(
            "tests: %d passed%s",
            tests.path("passed").asInt(),
            tests.path("others").asInt() == 0
                ? ""
                : ", " + tests.path("others").asInt() + " with another verdict"));
    tests
        .path("by_model")
        .properties()
        .forEach(
            model ->
                line(
                    2,
                    model.getKey()
                        + ": "
                        + model.getValue().properties().stream()
                            .map(Map.Entry::getKey)
                            .collect(Collectors.joining(", "))));
    for (JsonNode pin : trace.path("pins")) {
      List<String> about = new ArrayList<>();
      about.add(pin.path("kept").asBoolean() ? "of " + pin.path("committed_at").asText() : "gone");
      pin.path("tags").forEach(tag -> about.add("tag " + tag.asText()));
      about.add(pin.path("current").asBoolean() ? "still current" : "the table has moved on");
      line(
          1,
          "read "
              + pin.path("table").asText()
              + " at "
              + pin.path("snapshot").asText()
              + " ("
              + String.join(", ", about)
              + ")");
    }
  }

  private void section(int depth, JsonNode section) {
    String head = section.path("table").asText();
    if (section.has("problem")) {
      line(depth, head + ": " + section.path("problem").asText());
      return;
    }
    line(
        depth,
        String.format(
            "%s: %,d rows at snapshot %s%s",
            head,
            section.path("rows_total").asLong(),
            section.path("snapshot").asText(),
            section.has("why") ? "  — " + section.path("why").asText() : ""));
    line(depth + 1, "from " + runs(section.path("runs")));
    for (JsonNode range : section.path("offsets")) {
      line(
          depth + 1,
          String.format(
              "%s partition %d, offsets %d to %d: %,d rows",
              range.path("topic").asText(),
              range.path("partition").asInt(),
              range.path("first").asLong(),
              range.path("last").asLong(),
              range.path("rows").asLong()));
    }
    section.path("rows").forEach(row -> row(depth + 1, row));
    long more = section.path("rows_total").asLong() - section.path("rows_shown").asLong();
    if (more > 0) {
      line(depth + 1, String.format("… and %,d more rows (--limit)", more));
    }
  }

  private static String runs(JsonNode runs) {
    List<String> texts = new ArrayList<>();
    runs.properties().stream()
        .limit(MOST_RUNS)
        .forEach(
            run -> texts.add(String.format("%s (%,d)", run.getKey(), run.getValue().asLong())));
    int more = runs.size() - texts.size();
    String what = runs.size() == 1 ? "run " : "runs ";
    return what + String.join(", ", texts) + (more > 0 ? " and " + more + " more" : "");
  }

  private void row(int depth, JsonNode row) {
    JsonNode at = row.path("coordinate");
    line(depth, "row " + values(row.path("row"), MOST_PAYLOAD));
    line(
        depth + 1,
        String.format(
            "%s:%d:%d:%d in stream %s, batch %s no. %d",
            at.path("topic").asText(),
            at.path("partition").asInt(),
            at.path("offset").asLong(),
            at.path("element").asInt(),
            at.path("stream_id").asText(),
            at.path("batch_id").asText(),
            at.path("sequence").asLong()));
    JsonNode raw = row.path("raw");
    if (raw.has("problem")) {
      line(depth + 1, "raw record: " + raw.path("problem").asText());
      return;
    }
    String where =
        raw.path("from").asText().equals("stream")
            ? "from the stream"
            : "from Bronze, " + raw.path("object").asText();
    line(
        depth + 1,
        String.format(
            "raw record %s, %d bytes of %s, ingested %s",
            where,
            raw.path("bytes").asInt(),
            raw.path("content_type").asText(),
            raw.path("ingest_time").asText()));
    String shown =
        raw.has("hidden") ? "(" + raw.path("hidden").asText() + ")" : raw.path("payload").asText();
    line(depth + 2, cut(shown, MOST_PAYLOAD));
  }

  private static String values(JsonNode row, int most) {
    String text =
        row.properties().stream()
            .filter(value -> !value.getValue().isNull())
            .map(value -> value.getKey() + "=" + value.getValue().asText())
            .collect(Collectors.joining(" "));
    return cut(text, most);
  }

  private static String cut(String text, int most) {
    String line = text.replaceAll("\\s+", " ");
    return line.length() <= most ? line : line.substring(0, most) + " …";
  }

  private void line(int depth, String text) {
    out.accept("  ".repeat(depth) + (depth == 0 ? "" : "└ ") + text);
  }
}
