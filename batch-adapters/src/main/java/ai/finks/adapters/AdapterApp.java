package ai.finks.adapters;

import ai.finks.adapters.app.FilesCommand;
import ai.finks.adapters.app.FmpBarsCommand;
import ai.finks.adapters.app.FmpQuotesCommand;
import ai.finks.adapters.journal.RunRefusedException;
import ai.finks.schemas.InvalidSchemasException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The adapters as a program of their own, for a container: {@code fmp.bars | fmp.quotes | files}.
 *
 * <p>Exit codes: 0 all was sent; 1 something was refused and is in the report, or the run is not
 * finished; 2 wrong usage or configuration; 3 the stream, the registry or the home failed. The
 * report goes to standard output, all else to standard error.
 */
@Command(
    name = "finks-adapters",
    description = "Takes records from a source into its raw topic.",
    subcommands = {FmpBarsCommand.class, FmpQuotesCommand.class, FilesCommand.class},
    mixinStandardHelpOptions = true)
public final class AdapterApp {

  private AdapterApp() {}

  /** Runs one adapter and exits. */
  public static void main(String[] args) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(run(args, out, err));
  }

  /** Runs one adapter and gives the exit code. */
  public static int run(String[] args, PrintWriter out, PrintWriter err) {
    CommandLine commands = new CommandLine(new AdapterApp());
    commands.setOut(out);
    commands.setErr(err);
    commands.setExecutionExceptionHandler(
        (thrown, command, parsed) -> {
          err.println(command.getCommandName() + ": " + sentence(thrown));
          return exitCode(thrown);
        });
    if (args.length == 0) {
      commands.usage(err);
      return CommandLine.ExitCode.USAGE;
    }
    return commands.execute(args);
  }

  private static String sentence(Exception thrown) {
    String message = thrown.getMessage();
    return message == null ? thrown.toString() : message;
  }

  private static int exitCode(Exception thrown) {
    boolean usage =
        thrown instanceof IllegalArgumentException
            || thrown instanceof RunRefusedException
            || thrown instanceof InvalidSchemasException;
    return usage ? CommandLine.ExitCode.USAGE : 3;
  }
}
