package ai.finks.stack.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The command line: {@code finks COMMAND}; exit codes are {@link ExitCode}. */
@Command(
    name = "finks",
    description = "Financial records from source to Gold, on one machine.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      UpCommand.class,
      DownCommand.class,
      StatusCommand.class,
      IngestCommand.class,
      ProduceCommand.class,
      WaitCommand.class,
      TablesCommand.class,
      SealCommand.class,
      ExpireCommand.class,
      QueryCommand.class,
      GoldCommand.class,
      TraceCommand.class,
      LineageCommand.class,
      QuarantineCommand.class,
      ReplayCommand.class,
      BackfillCommand.class,
      ContractsCommand.class,
      KeysCommand.class,
      RebuildCommand.class,
      LogsCommand.class,
      ChaosCommand.class,
      DoctorCommand.class
    },
    footer = {
      "",
      "Exit codes: 0 done, 1 the data or a gate said no, 2 wrong usage, 3 the platform failed.",
      "Every test of the project: ./finks test",
      "Benchmarks beside their peers: ./finks bench"
    })
public final class Finks implements Runnable {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  private static volatile boolean interrupted;

  @Spec private CommandSpec spec = CommandSpec.create();

  /** Runs one command and ends the JVM with its exit code. */
  public static void main(String[] arguments) {
    System.exit(
        run(arguments, new PrintWriter(System.out, true), new PrintWriter(System.err, true)));
  }

  /** Runs one command and returns its exit code. */
  public static int run(String[] arguments, PrintWriter out, PrintWriter err) {
    CommandLine line =
        new CommandLine(new Finks())
            .setOut(out)
            .setErr(err)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionExceptionHandler(Finks::explain)
            .setParameterExceptionHandler(Finks::explainUsage)
            .setUsageHelpAutoWidth(true);
    return line.execute(arguments);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which command?");
  }

  /** From now on failures are not explained: they come from an interrupt that takes things away. */
  static void beQuiet() {
    interrupted = true;
  }

  private static int explain(Exception failure, CommandLine command, ParseResult parsed) {
    ExitCode exitCode =
        failure instanceof CommandFailure known ? known.exitCode() : ExitCode.PLATFORM;
    String message =
        failure instanceof CommandFailure ? String.valueOf(failure.getMessage()) : "" + failure;
    if (interrupted) {
      return exitCode.code();
    }
    report(command, message, command.getParseResult().hasMatchedOption("--json"), exitCode);
    if (System.getenv("FINKS_DEBUG") != null) {
      failure.printStackTrace(command.getErr());
    } else if (!(failure instanceof CommandFailure)) {
      command.getErr().println("FINKS_DEBUG=1 shows where it happened.");
    }
    return exitCode.code();
  }

  private static int explainUsage(ParameterException failure, String[] arguments) {
    CommandLine command = failure.getCommandLine();
    command.getErr().println("finks: " + failure.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(failure, command.getErr());
    command.getErr().println("Try: ./" + command.getCommandSpec().qualifiedName(" ") + " --help");
    return ExitCode.USAGE.code();
  }

  private static void report(CommandLine command, String message, boolean json, ExitCode code) {
    command.getErr().println("finks: " + message);
    if (json) {
      ObjectNode document = CommonOptions.JSON.createObjectNode();
      document.put("error", message).put("exit_code", code.code());
      command.getOut().println(document.toPrettyString());
    }
  }
}
