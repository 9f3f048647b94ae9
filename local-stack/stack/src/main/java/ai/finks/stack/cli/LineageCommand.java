package ai.finks.stack.cli;

import ai.finks.stack.home.FinksHome;
import ai.finks.stack.home.StackRecord;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Questions to the lineage store. */
@Command(
    name = "lineage",
    description = "What a run asked for and wrote; what a snapshot was made of.",
    synopsisSubcommandLabel = "run|snapshot",
    subcommands = {LineageCommand.OfRun.class, LineageCommand.OfSnapshot.class})
final class LineageCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Lineage of what? (run, snapshot)");
  }

  /** What is known of a run. */
  @Command(name = "run", description = "What a run asked its source for, what came, what it wrote.")
  static final class OfRun implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "RUN", description = "A run's id; status and trace name them.")
    private String run = "";

    @Override
    public Integer call() {
      return print(common, CommonOptions.JSON.createObjectNode().put("run", run));
    }
  }

  /** What is known of a snapshot. */
  @Command(
      name = "snapshot",
      description = "The runs and offsets behind a snapshot, and the Gold built on it.")
  static final class OfSnapshot implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();

    @Parameters(index = "0", paramLabel = "TABLE", description = "As tables lists it.")
    private String table = "";

    @Parameters(index = "1", paramLabel = "SNAPSHOT", description = "Its id.")
    private long snapshot;

    @Override
    public Integer call() {
      return print(
          common,
          CommonOptions.JSON.createObjectNode().put("table", table).put("snapshot", snapshot));
    }
  }

  private static int print(CommonOptions common, ObjectNode question) {
    FinksHome home = common.home();
    StackRecord stack = RunningStack.of(home);
    JsonNode answer;
    try {
      answer = StackControl.ask(home, stack, "/lineage", question);
    } catch (IOException e) {
      throw CommandFailure.platform("The stack gave no answer: " + e.getMessage(), e);
    }
    if (answer.has("failed")) {
      throw CommandFailure.platform(answer.path("failed").asText());
    }
    boolean known = false;
    for (JsonNode facts : answer) {
      known |= !facts.isEmpty();
    }
    if (common.json()) {
      common.print(answer);
    } else {
      answer.properties().forEach(part -> print(common, part.getKey(), part.getValue()));
    }
    if (!known) {
      common.warn("Nothing is known of it (yet): commits are told within a few seconds.");
    }
    return (known ? ExitCode.DONE : ExitCode.DATA).code();
  }

  private static void print(CommonOptions common, String question, JsonNode facts) {
    facts
        .properties()
        .forEach(
            fact -> {
              StringBuilder line = new StringBuilder(String.format("%-8s", question));
              line.append(fact.getKey());
              fact.getValue()
                  .properties()
                  .forEach(
                      value ->
                          line.append("  ")
                              .append(value.getKey())
                              .append('=')
                              .append(value.getValue().asText()));
              common.print(line.toString());
            });
  }
}
