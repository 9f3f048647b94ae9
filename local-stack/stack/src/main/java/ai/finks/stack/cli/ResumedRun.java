package ai.finks.stack.cli;

import ai.finks.adapters.BatchAdapter;
import ai.finks.adapters.files.FileAdapter;
import ai.finks.adapters.files.FilesRequest;
import ai.finks.adapters.fmp.FmpAdapter;
import ai.finks.adapters.fmp.FmpConfig;
import ai.finks.adapters.fmp.FmpRequest;
import ai.finks.adapters.journal.RunJournal;
import ai.finks.adapters.journal.RunRefusedException;
import ai.finks.adapters.journal.RunSummary;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.home.StackRecord;
import java.util.HashMap;
import java.util.Map;

/** Makes the adapter that a run was started with, from its journal. */
final class ResumedRun {
  private static final int PARALLEL = 4;
  private static final String SERVICE = "service";
  private static final String LOCAL = "local";

  private ResumedRun() {}

  static BatchAdapter adapter(FinksHome home, StackRecord stack, String runId) {
    RunSummary run = find(home, runId);
    return switch (run.adapter()) {
      case "fmp.bars" -> fmp(FmpRequest.Entity.BARS, run, stack);
      case "fmp.quotes" -> fmp(FmpRequest.Entity.QUOTES, run, stack);
      case FileAdapter.NAME -> files(run);
      default ->
          throw CommandFailure.usage(
              "Run " + runId + " is of " + run.adapter() + "; give the command that started it");
    };
  }

  private static RunSummary find(FinksHome home, String runId) {
    try {
      return RunJournal.find(home.folder(), runId)
          .orElseThrow(
              () ->
                  CommandFailure.usage(
                      "There is no run " + runId + " in " + home + "; status lists them"));
    } catch (RunRefusedException e) {
      throw CommandFailure.usage("" + e.getMessage());
    }
  }

  private static BatchAdapter files(RunSummary run) {
    FilesRequest request = FilesRequest.ofRun(run);
    return FileAdapter.of(request, Bindings.stream(request.binding()));
  }

  private static BatchAdapter fmp(FmpRequest.Entity entity, RunSummary run, StackRecord stack) {
    Map<String, String> args = new HashMap<>(run.args());
    boolean simulated = LOCAL.equals(args.remove(SERVICE));
    FmpConfig config = simulated ? FmpAccess.simulator(stack, PARALLEL) : FmpAccess.live(PARALLEL);
    return FmpAdapter.of(config, FmpRequest.of(entity, args), Bindings.stream(run.adapter()));
  }
}
