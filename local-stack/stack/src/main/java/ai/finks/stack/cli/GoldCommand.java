package ai.finks.stack.cli;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Gold: business tables from pinned Silver snapshots. */
@Command(
    name = "gold",
    description = "Build the business tables.",
    synopsisSubcommandLabel = "build",
    subcommands = GoldCommand.Build.class)
final class GoldCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "What about gold? (gold build)");
  }

  /** Pins Silver, builds, tests and publishes. */
  @Command(
      name = "build",
      description = "Pin Silver, build, test, and publish what passed; exit code 1 when held.")
  static final class Build implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();

    @Option(
        names = "--select",
        paramLabel = "SELECTION",
        description = "Models in dbt's selection syntax; their parents come along.")
    private @Nullable String select;

    @Override
    public Integer call() throws InterruptedException {
      try (RunTelling telling = RunTelling.on(common.home(), common::warn)) {
        return new GoldRun(common.home(), Clock.systemUTC(), null)
            .run(
                select,
                telling,
                build -> {
                  List<String> arguments = new ArrayList<>(build);
                  if (common.json()) {
                    arguments.add("--json");
                  }
                  if (common.quiet()) {
                    arguments.add("--quiet");
                  }
                  return PythonLake.run(arguments);
                });
      }
    }
  }
}
