package ai.finks.bench.report;

import ai.finks.bench.feed.FeedTotals;
import ai.finks.bench.variant.Lap;
import ai.finks.bench.variant.VariantResult;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** A comparison as a JSON document and as text. */
public final class BenchReport {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final String name;
  private final Comparison comparison;
  private final String ours;
  private final FeedTotals totals;
  private final List<String> problems;

  /**
   * A report.
   *
   * @param ours the variant that the others are compared with
   * @param problems what the checks of the tables found
   */
  public BenchReport(
      String name, Comparison comparison, String ours, FeedTotals totals, List<String> problems) {
    this.name = name;
    this.comparison = comparison;
    this.ours = ours;
    this.totals = totals;
    this.problems = problems;
  }

  public static ObjectNode object() {
    return JSON.createObjectNode();
  }

  /** A document as it is printed. */
  public static String print(ObjectNode document) {
    return document.toPrettyString();
  }

  /** The JSON document; {@code settings} is put into it as it is. */
  public ObjectNode document(ObjectNode settings) {
    ObjectNode document = object();
    document.put("benchmark", name);
    document.set("settings", settings);
    ObjectNode feed = document.putObject("feed");
    feed.put("records", totals.records()).put("ordinary", totals.ordinary());
    feed.put("duplicates", totals.duplicates());
    feed.put("bad", totals.malformed() + totals.negative());
    ArrayNode runs = document.putArray("runs");
    comparison.variants().forEach(variant -> runs.add(run(variant)));
    ObjectNode ratios = document.putObject("ratios");
    for (String peer : comparison.variants()) {
      if (!peer.equals(ours) && comparison.has(ours)) {
        ratios.put(ours + "_vs_" + peer, rounded(comparison.ratio(ours, peer), 3));
      }
    }
    document.put("verified", problems.isEmpty());
    ArrayNode wrong = document.putArray("problems");
    problems.forEach(wrong::add);
    return document;
  }

  private ObjectNode run(String variant) {
    ObjectNode run = object().put("name", variant);
    ArrayNode warm = run.putArray("records_per_second");
    comparison.warmRates(variant).forEach(rate -> warm.add(Math.round(rate)));
    ArrayNode cold = run.putArray("cold_records_per_second");
    comparison.coldRates(variant).forEach(rate -> cold.add(Math.round(rate)));
    run.put("median", Math.round(comparison.warmMedian(variant)));
    run.put("cold_median", Math.round(Comparison.median(comparison.coldRates(variant))));
    ArrayNode closing = run.putArray("closing_seconds");
    ArrayNode heap = run.putArray("heap_after_gc_bytes");
    ArrayNode resident = run.putArray("peak_resident_bytes");
    for (VariantResult result : comparison.of(variant)) {
      List<Lap> laps = result.laps();
      closing.add(rounded(laps.get(laps.size() - 1).closingSeconds(), 2));
      heap.add(result.heapAfterCollectionBytes());
      resident.add(result.peakResidentBytes());
    }
    return run;
  }

  /** A table for people. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format("%-16s %14s %14s %10s%n", "variant", "warm records/s", "cold records/s", ""));
    for (String variant : comparison.variants()) {
      String ratio =
          variant.equals(ours) || !comparison.has(ours)
              ? ""
              : String.format("%.2f x", comparison.ratio(ours, variant));
      text.append(
          String.format(
              "%-16s %,14d %,14d %10s%n",
              variant,
              Math.round(comparison.warmMedian(variant)),
              Math.round(Comparison.median(comparison.coldRates(variant))),
              ratio));
    }
    if (problems.isEmpty()) {
      text.append("Every table holds what it must.");
    } else {
      text.append("WRONG:\n").append(String.join("\n", problems));
    }
    return text.toString();
  }

  private static double rounded(double value, int digits) {
    double unit = Math.pow(10, digits);
    return Math.round(value * unit) / unit;
  }
}
