package ai.finks.stack.cli;

import ai.finks.adapters.IngestReport;
import ai.finks.flink.table.StreamPartition;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.lake.DatasetFiles;
import ai.finks.stack.lake.EntityCounts;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/**
 * What a demo showed.
 *
 * @param counts where the records went, by entity
 * @param unbalanced partitions whose counts do not add up
 * @param ingested the runs' reports
 * @param gold the report of the Gold build
 * @param files what lies where in the lake
 * @param seconds time per step
 */
record DemoResult(
    Map<String, EntityCounts> counts,
    List<StreamPartition> unbalanced,
    List<IngestReport> ingested,
    JsonNode gold,
    List<DatasetFiles> files,
    Map<String, Double> seconds) {

  /** The newest rows of a dataset. */
  static String sampleQuery(String dataset) {
    return "select portfolio_id, trading_day, cash, positions_value, market_value, net_external_flow,"
        + " daily_return from "
        + dataset
        + " order by trading_day desc, portfolio_id limit 5";
  }

  int exitCode() {
    boolean good =
        unbalanced.isEmpty()
            && gold.path("held").isEmpty()
            && ingested.stream().allMatch(report -> report.exitCode() == 0);
    return (good ? ExitCode.DONE : ExitCode.DATA).code();
  }

  void print(CommonOptions common, FinksHome home, boolean kept, String sample) {
    if (common.json()) {
      common.print(json(home, kept));
    } else {
      text(common, home, kept, sample);
    }
    for (StreamPartition partition : unbalanced) {
      common.warn("finks: the counts of " + partition + " do not add up");
    }
    for (JsonNode held : gold.path("held")) {
      common.warn(
          "finks: " + held.path("name").asText() + " is held by " + held.path("test").asText());
    }
  }

  private ObjectNode json(FinksHome home, boolean kept) {
    ObjectNode document = CommonOptions.JSON.createObjectNode();
    document.put("home", home.toString()).put("kept", kept);
    document.set("entities", CountsView.json(counts));
    document.put("balanced", unbalanced.isEmpty());
    ArrayNode runs = document.putArray("runs");
    ingested.forEach(report -> runs.add(IngestView.json(report)));
    ObjectNode datasets = document.putObject("gold");
    for (JsonNode published : gold.path("published")) {
      datasets.put(shortName(published), published.path("rows").asLong());
    }
    document.set("held", gold.path("held"));
    ArrayNode layout = document.putArray("files");
    for (DatasetFiles dataset : files) {
      layout
          .addObject()
          .put("folder", dataset.folder().toString())
          .put("files", dataset.files())
          .put("bytes", dataset.bytes())
          .put("example", dataset.example().toString());
    }
    ObjectNode times = document.putObject("seconds");
    seconds.forEach(times::put);
    return document;
  }

  private void text(CommonOptions common, FinksHome home, boolean kept, String sample) {
    common.print("");
    CountsView.lines(counts).forEach(common::print);
    common.print("");
    for (JsonNode published : gold.path("published")) {
      common.print(
          String.format(
              "gold.%s: %,d rows, tested and published",
              shortName(published), published.path("rows").asLong()));
    }
    if (!sample.isBlank()) {
      common.print(sample.stripTrailing());
    }
    common.print("");
    common.print(
        String.format("From nothing to Gold in %.1f s.", seconds.getOrDefault("total", 0.0)));
    layout(common, home, kept);
    if (kept) {
      next(common, home);
    } else {
      common.print("Next: ./finks up, then ./finks ingest fmp.bars --symbols AAPL,MSFT");
    }
  }

  private void layout(CommonOptions common, FinksHome home, boolean kept) {
    common.print(
        kept
            ? "Its files lie below " + home.lake() + ":"
            : "Its files, in a home that was removed (./finks demo --keep leaves it):");
    for (DatasetFiles dataset : files) {
      common.print(
          String.format(
              "  %s: %,d %s, %s, such as",
              dataset.folder(),
              dataset.files(),
              dataset.files() == 1 ? "file" : "files",
              size(dataset.bytes())));
      common.print("    " + dataset.example());
    }
  }

  private static String size(long bytes) {
    return bytes < 1_000_000
        ? String.format("%.1f kB", bytes / 1e3)
        : String.format("%.1f MB", bytes / 1e6);
  }

  private static void next(CommonOptions common, FinksHome home) {
    String option = " --home " + home;
    common.print("The stack is up. Next:");
    common.print("  ./finks status" + option);
    common.print(
        "  ./finks query \"select symbol, count(*) from silver.bars group by 1\"" + option);
    common.print("  ./finks quarantine list" + option);
    common.print("  ./finks down" + option);
  }

  private static String shortName(JsonNode published) {
    String name = published.path("name").asText();
    return name.startsWith("gold.") ? name.substring("gold.".length()) : name;
  }
}
