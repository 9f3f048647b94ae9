package ai.finks.bench;

import ai.finks.bench.report.BenchReport;
import ai.finks.bench.report.Comparison;
import ai.finks.bench.variant.VariantResult;
import ai.finks.bench.variant.Variants;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The bronze job beside a bare FileSink of strings. */
@Command(
    name = "bronze",
    description =
        "The bronze job beside Flink's FileSink, which writes the bare payloads as lines.")
final class BronzeBench implements Callable<Integer> {
  private static final int PARTITIONS = 4;

  @Mixin private final BenchOptions common = new BenchOptions();

  @Mixin private final LapOptions lapOptions = new LapOptions();

  @Option(
      names = "--records",
      paramLabel = "N",
      description = "Quotes per lap (default: ${DEFAULT-VALUE}).")
  private long records = 3_000_000;

  @Override
  public Integer call() throws Exception {
    lapOptions.check(common);
    common.progress(String.format("Generating %,d quotes …", records));
    BenchSession.Settings settings = common.settings(PARTITIONS, lapOptions.commitInterval());
    try (BenchSession session = BenchSession.open(settings, common.feed(records))) {
      Comparison comparison = new Comparison();
      for (int run = 1; run <= lapOptions.runs(); run++) {
        for (String variant : List.of(Variants.BRONZE, Variants.FILE_SINK)) {
          VariantResult result = session.run(variant, lapOptions.laps(), List.of());
          comparison.add(variant, result);
          common.progress(
              String.format(
                  "%-10s run %d: %,9.0f records/s warm",
                  variant, run, comparison.warmRates(variant).get(run - 1)));
        }
      }
      BenchReport report =
          new BenchReport(
              "bronze", comparison, Variants.BRONZE, session.totals(), session.problems());
      common.print(
          common.json()
              ? BenchReport.print(
                  report.document(
                      BenchReport.object()
                          .put("laps", lapOptions.laps())
                          .put("runs", lapOptions.runs())))
              : report.text());
      return session.problems().isEmpty() ? BenchApp.DONE : BenchApp.WRONG;
    }
  }
}
