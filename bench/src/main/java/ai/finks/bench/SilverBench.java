package ai.finks.bench;

import ai.finks.bench.report.BenchReport;
import ai.finks.bench.report.Comparison;
import ai.finks.bench.variant.Lap;
import ai.finks.bench.variant.VariantResult;
import ai.finks.bench.variant.Variants;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The silver job beside Flink SQL, Kafka Connect and a bare loop around its own classes. */
@Command(
    name = "silver",
    description = {
      "The silver job beside Flink SQL, Kafka Connect and a bare loop of its own classes.",
      "",
      "Each variant reads the same quotes in a process of its own, with the same heap, codec and"
          + " commit interval; the variants take turns. The first lap of a process gives the cold"
          + " rate, the last one the warm rate, by whose medians the ratios go. Flink SQL and Kafka"
          + " Connect read the payloads without their envelopes and deduplicate nothing, Kafka"
          + " Connect neither filters nor hashes: all of that favours them."
    })
final class SilverBench implements Callable<Integer> {
  private static final int PARTITIONS = 4;
  private static final List<String> KNOWN =
      List.of(
          Variants.SILVER,
          Variants.FLINK_SQL,
          Variants.KAFKA_CONNECT,
          Variants.BARE_LOOP,
          Variants.SILVER_TYPED);

  @Mixin private final BenchOptions common = new BenchOptions();

  @Mixin private final LapOptions lapOptions = new LapOptions();

  @Option(
      names = "--records",
      paramLabel = "N",
      description = "Quotes per lap (default: ${DEFAULT-VALUE}).")
  private long records = 5_000_000;

  @Option(
      names = "--variants",
      split = ",",
      paramLabel = "NAME",
      description = "Which, in which order (default: ${DEFAULT-VALUE}).")
  private List<String> variants = KNOWN;

  @Option(
      names = "--profile",
      paramLabel = "FILE",
      description = "Record the silver job with the JDK's flight recorder into FILE.")
  private @Nullable Path profile;

  @Override
  public Integer call() throws Exception {
    common.requireKnown(variants, KNOWN);
    lapOptions.check(common);
    BenchSession.Settings settings = common.settings(PARTITIONS, lapOptions.commitInterval());
    common.progress(String.format("Generating %,d quotes …", records));
    try (BenchSession session = BenchSession.open(settings, common.feed(records))) {
      Comparison comparison = new Comparison();
      for (int run = 1; run <= lapOptions.runs(); run++) {
        for (String variant : variants) {
          VariantResult result = session.run(variant, lapOptions.laps(), options(variant));
          comparison.add(variant, result);
          common.progress(line(variant, run, result));
        }
      }
      BenchReport report =
          new BenchReport(
              "silver", comparison, Variants.SILVER, session.totals(), session.problems());
      common.print(common.json() ? BenchReport.print(report.document(document())) : report.text());
      return session.problems().isEmpty() ? BenchApp.DONE : BenchApp.WRONG;
    }
  }

  private List<String> options(String variant) {
    return profile == null || !variant.equals(Variants.SILVER)
        ? List.of()
        : List.of(
            "-XX:StartFlightRecording=settings=profile,dumponexit=true,filename="
                + profile.toAbsolutePath());
  }

  private static String line(String variant, int run, VariantResult result) {
    Lap last = result.laps().get(result.laps().size() - 1);
    return String.format(
        "%-14s run %d: %,9.0f records/s warm, %,9.0f cold",
        variant, run, last.steadyRate(), result.laps().get(0).wholeRate());
  }

  private ObjectNode document() {
    return BenchReport.object()
        .put("laps", lapOptions.laps())
        .put("runs", lapOptions.runs())
        .put("commit_seconds", lapOptions.commitInterval().toSeconds())
        .put("cores", Runtime.getRuntime().availableProcessors());
  }
}
