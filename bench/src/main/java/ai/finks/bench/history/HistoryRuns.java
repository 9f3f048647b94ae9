package ai.finks.bench.history;

import ai.finks.simulators.demo.DemoBars;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** The sizes of the benchmark, one after the other, and what they show together. */
public final class HistoryRuns {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path root;
  private final Path work;
  private final long seed;
  private final ReplayLoad load;
  private final Consumer<String> progress;
  private final DemoBars bars;
  private final List<HistoryResult> results = new ArrayList<>();
  private final List<Integer> symbols = new ArrayList<>();

  /**
   * Sizes that run in folders of their own below {@code work}, which are removed.
   *
   * @param root the checkout
   * @param load how they are replayed
   */
  public HistoryRuns(Path root, Path work, long seed, ReplayLoad load, Consumer<String> progress) {
    this.root = root;
    this.work = work;
    this.seed = seed;
    this.load = load;
    this.progress = progress;
    this.bars = new DemoBars(root.resolve("local-stack").resolve("demo-data"));
  }

  /** Runs one size. */
  public void run(int tradingDays, int symbolCount) throws IOException, InterruptedException {
    MinuteFiles minutes = new MinuteFiles(bars, symbolCount, tradingDays, seed);
    progress.accept(
        String.format("%d days of %d symbols: %,d bars", tradingDays, symbolCount, minutes.bars()));
    Path folder = Files.createTempDirectory(work, "history-");
    try {
      results.add(new HistoryCase(root, folder, minutes, load, progress).run());
      symbols.add(symbolCount);
    } finally {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  /**
   * All of it. {@code linear} compares the time per bar of the largest size with that of the
   * smallest: 1 is linear, less is better than linear.
   */
  public ObjectNode document() {
    ObjectNode document = JSON.createObjectNode().put("benchmark", "history");
    document.putObject("settings").put("seed", seed).put("parallel", load.parallel());
    ArrayNode runs = document.putArray("runs");
    ArrayNode problems = document.putArray("problems");
    for (int at = 0; at < results.size(); at++) {
      ObjectNode run = runs.addObject().put("symbols", symbols.get(at));
      results.get(at).describe(run);
      results.get(at).problems().forEach(problems::add);
    }
    ObjectNode linear = document.putObject("linear");
    linear.put("live", growth(HistoryResult::liveSeconds));
    linear.put("seal", growth(HistoryResult::sealSeconds));
    linear.put("replay", growth(HistoryResult::replaySeconds));
    ObjectNode memory = document.putObject("memory_largest_vs_smallest");
    memory.put("stack", ratio(HistoryResult::stackPeakBytes));
    memory.put("replay", ratio(HistoryResult::replayPeakBytes));
    memory.put("seal", ratio(HistoryResult::sealPeakBytes));
    document.put("verified", problems.isEmpty());
    return document;
  }

  private double growth(ToDoubleFunction<HistoryResult> seconds) {
    return ratio(result -> seconds.applyAsDouble(result) / result.bars());
  }

  /** Of the size with the most bars to that with the fewest. */
  private double ratio(ToDoubleFunction<HistoryResult> figure) {
    HistoryResult smallest =
        results.stream().min(Comparator.comparingLong(HistoryResult::bars)).orElseThrow();
    HistoryResult largest =
        results.stream().max(Comparator.comparingLong(HistoryResult::bars)).orElseThrow();
    double divisor = figure.applyAsDouble(smallest);
    return divisor == 0 ? 0 : Math.round(figure.applyAsDouble(largest) / divisor * 1000) / 1000.0;
  }

  /** A table for people. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            "%5s %8s %12s %10s %8s %8s %10s %7s %8s%n",
            "days",
            "symbols",
            "bars",
            "live s",
            "seal s",
            "gold s",
            "replay s",
            "again",
            "x live"));
    for (int at = 0; at < results.size(); at++) {
      HistoryResult result = results.get(at);
      text.append(
          String.format(
              "%5d %8d %,12d %10.1f %8.1f %8.1f %10.1f %7.1f %8.2f%n",
              result.tradingDays(),
              symbols.get(at),
              result.bars(),
              result.liveSeconds(),
              result.sealSeconds(),
              result.goldSeconds(),
              result.replaySeconds(),
              result.againSeconds(),
              result.replayRate() / result.liveRate()));
    }
    results.stream()
        .flatMap(result -> result.beside().stream())
        .forEach(lag -> text.append(lag).append('\n'));
    List<String> problems = results.stream().flatMap(result -> result.problems().stream()).toList();
    return text.append(
            problems.isEmpty()
                ? "Every count is right, and a replay finds nothing to change."
                : "WRONG:\n" + String.join("\n", problems))
        .toString();
  }
}
