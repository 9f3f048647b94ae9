package ai.finks.stack.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Records that a contract refused. */
@Command(
    name = "quarantine",
    description = "Look at refused records, and send them through Silver again.",
    synopsisSubcommandLabel = "(list | show | redrive | retention)",
    subcommands = {
      QuarantineListCommand.class,
      QuarantineShowCommand.class,
      QuarantineRedriveCommand.class,
      QuarantineRetentionCommand.class
    })
final class QuarantineCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "What about quarantine? (quarantine list, show, redrive or retention)");
  }
}
