package ai.finks.bench;

import ai.finks.bench.host.ChildFailedException;
import ai.finks.bench.report.BenchReport;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** {@code finks bench NAME}: benchmarks beside their peers. */
@Command(
    name = "finks bench",
    description = "Measure Finks beside its peers.",
    synopsisSubcommandLabel = "NAME",
    subcommands = {
      SilverBench.class,
      BronzeBench.class,
      FreshnessBench.class,
      HistoryBench.class,
      CoreBench.class,
      ProducerBench.class
    },
    footer = {
      "",
      "Exit codes: 0 done, 1 a table does not hold what it must, 2 wrong usage, 3 it failed."
    })
public final class BenchApp implements Runnable {
  static final int DONE = 0;
  static final int WRONG = 1;
  private static final int USAGE = 2;
  private static final int FAILED = 3;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  @Spec private CommandSpec spec = CommandSpec.create();

  /** Runs one benchmark and ends the JVM with its exit code. */
  public static void main(String[] arguments) {
    System.exit(
        run(arguments, new PrintWriter(System.out, true), new PrintWriter(System.err, true)));
  }

  static int run(String[] arguments, PrintWriter out, PrintWriter err) {
    return new CommandLine(new BenchApp())
        .setOut(out)
        .setErr(err)
        .setParameterExceptionHandler(BenchApp::explainUsage)
        .setExecutionExceptionHandler(BenchApp::explain)
        .setUsageHelpAutoWidth(true)
        .execute(arguments);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which benchmark?");
  }

  private static int explainUsage(ParameterException failure, String[] arguments) {
    CommandLine command = failure.getCommandLine();
    command.getErr().println("finks: " + failure.getMessage());
    command.getErr().println("Try: ./" + command.getCommandSpec().qualifiedName(" ") + " --help");
    return USAGE;
  }

  private static int explain(Exception failure, CommandLine command, ParseResult parsed) {
    if (failure instanceof ParameterException usage) {
      return explainUsage(usage, new String[0]);
    }
    command.getErr().println("finks: " + failure);
    if (command.getParseResult().hasMatchedOption("--json")) {
      command
          .getOut()
          .println(
              BenchReport.print(
                  BenchReport.object()
                      .put("error", String.valueOf(failure.getMessage()))
                      .put("exit_code", FAILED)));
    }
    if (!(failure instanceof ChildFailedException) || System.getenv("FINKS_DEBUG") != null) {
      failure.printStackTrace(command.getErr());
    }
    return FAILED;
  }
}
