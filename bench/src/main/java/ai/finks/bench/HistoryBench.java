package ai.finks.bench;

import ai.finks.bench.history.HistoryRuns;
import ai.finks.bench.history.ReplayLoad;
import ai.finks.bench.report.BenchReport;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** One-minute bars of growing size through the whole platform. */
@Command(
    name = "history",
    description = {
      "One-minute bars from files to Gold, sealed, then a third of them replayed, twice; each size",
      "in a stack of its own, driven by ./finks. The bars are made up within the real daily ones."
    })
final class HistoryBench implements Callable<Integer> {
  private static final int SYMBOLS = 50;
  private static final int WARM_UP_SECONDS = 30;

  @Mixin private final BenchOptions common = new BenchOptions();

  @Option(
      names = "--days",
      split = ",",
      paramLabel = "N",
      description = "Trading days, several sizes by commas (default: 30,90).")
  private List<Integer> days = List.of(30, 90);

  @Option(
      names = "--scale",
      split = ",",
      paramLabel = "N",
      description = "Times " + SYMBOLS + " symbols, several sizes by commas (default: 1,4).")
  private List<Integer> scales = List.of(1, 4);

  @Option(
      names = "--parallel",
      paramLabel = "N",
      description = "Of the replays (default: the machine's processors).")
  private int parallel = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--live-rate",
      paramLabel = "N",
      description =
          "Records per second that are offered while the middle third is replayed once more, one"
              + " stream partition at a time (default: none).")
  private int liveRate;

  @Option(
      names = "--live-seconds",
      paramLabel = "N",
      description = "How long at least (default: ${DEFAULT-VALUE}).")
  private int liveSeconds = 60;

  @Override
  public Integer call() throws Exception {
    days.forEach(number -> common.atLeast("--days", number, 3));
    scales.forEach(number -> common.atLeast("--scale", number, 1));
    common.atLeast("--parallel", parallel, 1);
    common.atLeast("--live-rate", liveRate, 0);
    common.atLeast("--live-seconds", liveSeconds, 1);
    HistoryRuns runs =
        new HistoryRuns(
            BenchOptions.root(),
            common.workFolder(),
            common.seed(),
            new ReplayLoad(parallel, liveRate, liveSeconds, WARM_UP_SECONDS),
            common::progress);
    for (int scale : scales) {
      for (int number : days) {
        runs.run(number, scale * SYMBOLS);
      }
    }
    ObjectNode document = runs.document();
    common.print(common.json() ? BenchReport.print(document) : runs.text());
    return document.path("verified").asBoolean() ? BenchApp.DONE : BenchApp.WRONG;
  }
}
