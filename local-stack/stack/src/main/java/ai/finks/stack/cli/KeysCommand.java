package ai.finks.stack.cli;

import ai.finks.flink.silver.keys.KeyDirectory;
import ai.finks.flink.silver.keys.KeyRotation;
import ai.finks.stack.home.FinksHome;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The keys that personal data is hidden with. */
@Command(
    name = "keys",
    description = "Look after the keys that personal data is hidden with.",
    synopsisSubcommandLabel = "(rotate)",
    subcommands = KeysCommand.Rotate.class)
final class KeysCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "What about the keys? (keys rotate)");
  }

  /** Wraps the keys anew. */
  @Command(
      name = "rotate",
      description = "Wrap all keys under a new wrapping key; tokens and hashes stay as they are.",
      footer = {
        "",
        "PLACE is file:PATH or env:NAME (64 hexadecimal digits), aws-secret:NAME or aws-kms:KEY.",
        "The old wrapping key must still be where it was. Jobs that run are not disturbed."
      })
  static final class Rotate implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();

    @Option(
        names = "--wrapping",
        paramLabel = "PLACE",
        description = "Where the new wrapping key is (default: a new one, where the old one is).")
    private @Nullable String place;

    @Override
    public Integer call() {
      FinksHome home = common.home();
      KeyRotation rotation;
      try {
        rotation = KeyDirectory.rotate(home.keys(), place);
      } catch (IllegalStateException | IllegalArgumentException e) {
        throw CommandFailure.usage("" + e.getMessage());
      }
      if (common.json()) {
        ObjectNode document = CommonOptions.JSON.createObjectNode();
        document
            .put("old_wrapping_key", rotation.oldId())
            .put("wrapping_key", rotation.newId())
            .put("place", rotation.place())
            .set("keys", CommonOptions.JSON.valueToTree(rotation.names()));
        common.print(document);
      } else {
        common.print(
            String.format(
                "%d keys are wrapped under %s (%s) instead of %s",
                rotation.names().size(), rotation.newId(), rotation.place(), rotation.oldId()));
      }
      return ExitCode.DONE.code();
    }
  }
}
