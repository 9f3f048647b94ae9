package ai.finks.bench;

import ai.finks.bench.micro.CoreBenchmark;
import ai.finks.bench.report.BenchReport;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.concurrent.Callable;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** JMH on the steps of the silver job's core. */
@Command(
    name = "core",
    description =
        "What parsing, validating, hashing and deciding cost per record on one core, by JMH.")
final class CoreBench implements Callable<Integer> {
  @Mixin private final BenchOptions common = new BenchOptions();

  @Option(
      names = "--only",
      paramLabel = "STEP",
      description = "envelope, parse, refine, refineWithoutChecks, hash or judge (default: all).")
  private String only = "";

  @Option(
      names = "--runs",
      paramLabel = "N",
      description = "Processes per step (default: ${DEFAULT-VALUE}).")
  private int runs = 2;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "Per measurement, of which each process makes 5 (default: ${DEFAULT-VALUE}).")
  private int seconds = 1;

  @Override
  public Integer call() throws Exception {
    common.atLeast("--runs", runs, 1);
    common.atLeast("--seconds", seconds, 1);
    Options options =
        new OptionsBuilder()
            .include(CoreBenchmark.class.getName() + "\\." + (only.isEmpty() ? ".*" : only + "$"))
            .forks(runs)
            .warmupIterations(5)
            .warmupTime(TimeValue.seconds(seconds))
            .measurementIterations(5)
            .measurementTime(TimeValue.seconds(seconds))
            .verbosity(VerboseMode.SILENT)
            .jvmArgsAppend(
                "-D"
                    + CoreBenchmark.SCHEMAS
                    + "="
                    + BenchOptions.root().resolve("bench").resolve("schemas"))
            .build();
    common.progress("Measuring …");
    Collection<RunResult> results = new Runner(options).run();
    ObjectNode document = BenchReport.object().put("benchmark", "core");
    ArrayNode steps = document.putArray("steps");
    for (RunResult result : results) {
      String name = result.getPrimaryResult().getLabel();
      steps
          .addObject()
          .put("name", name)
          .put("nanoseconds_per_record", Math.round(result.getPrimaryResult().getScore()))
          .put("error", Math.round(result.getPrimaryResult().getScoreError()));
    }
    common.print(common.json() ? BenchReport.print(document) : text(steps));
    return results.isEmpty() ? BenchApp.WRONG : BenchApp.DONE;
  }

  private static String text(ArrayNode steps) {
    StringBuilder text = new StringBuilder();
    steps.forEach(
        step ->
            text.append(
                String.format(
                    "%-22s %6d ns ± %d%n",
                    step.path("name").asText(),
                    step.path("nanoseconds_per_record").asLong(),
                    step.path("error").asLong())));
    return text.toString().stripTrailing();
  }
}
