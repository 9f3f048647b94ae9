package ai.finks.stack.cli;

import ai.finks.adapters.BatchAdapter;
import ai.finks.adapters.IngestReport;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.home.StackRecord;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs a batch adapter, or resumes one. */
@Command(
    name = "ingest",
    description = "Bring records from a source into its stream.",
    synopsisSubcommandLabel = "[SOURCE]",
    subcommands = {IngestFmp.Bars.class, IngestFmp.Quotes.class, IngestFiles.class},
    footer = {
      "",
      "An interrupted run goes on with: ingest --run-id ID",
      "Exit code 1 when something was refused; what was is listed and stops nothing else."
    })
final class IngestCommand implements Callable<Integer> {
  @Mixin private final CommonOptions common = new CommonOptions();

  @Option(
      names = "--run-id",
      paramLabel = "ID",
      description = "Resume that run; status lists the unfinished ones.")
  private @Nullable String runId;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws InterruptedException {
    if (runId == null) {
      throw new ParameterException(
          spec.commandLine(),
          "Ingest what? (" + String.join(", ", spec.subcommands().keySet()) + ", or --run-id ID)");
    }
    FinksHome home = common.home();
    StackRecord stack = RunningStack.of(home);
    return run(common, home, stack, ResumedRun.adapter(home, stack, runId), runId);
  }

  /** Runs {@code adapter} with progress, and prints its report. */
  static int run(
      CommonOptions common,
      FinksHome home,
      StackRecord stack,
      BatchAdapter adapter,
      @Nullable String givenRunId)
      throws InterruptedException {
    String runId = Ingestion.runId(givenRunId, adapter.name());
    Thread hint =
        new Thread(
            () ->
                common.warn(
                    "Interrupted. Go on with: ./finks ingest --run-id "
                        + runId
                        + RunningStack.homeOption(home)));
    Runtime.getRuntime().addShutdownHook(hint);
    try {
      IngestReport report =
          new Ingestion(home, stack)
              .run(
                  adapter,
                  runId,
                  new IngestProgressLines(adapter.name(), common::warn, common::progress));
      return IngestView.print(common, home, report);
    } finally {
      try {
        Runtime.getRuntime().removeShutdownHook(hint);
      } catch (IllegalStateException e) {
        // The JVM is ending already; the hint is due.
      }
    }
  }
}
