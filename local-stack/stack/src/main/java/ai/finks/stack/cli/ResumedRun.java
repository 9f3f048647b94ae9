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
import java.io.IOException;
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
      case "fmp.bars" -> fmp(home, FmpRequest.Entity.BARS, run, stack);
      case "fmp.quotes" -> fmp(home, FmpRequest.Entity.QUOTES, run, stack);
      case FileAdapter.NAME -> files(home, run);
      default ->
          throw CommandFailure.usage(
              "Run " + runId + " is of " + run.adapter() + "; give the command that started it");
    };
  }

  private static RunSummary find(FinksHome home, String runId) {
    try {
      RunSummary run =
          RunJournal.find(home.folder(), runId)
              .orElseThrow(
                  () ->
                      CommandFailure.usage(
                          "There is no run " + runId + " in " + home + "; status lists them"));
      if (run.state() == RunSummary.State.UNREADABLE) {
        throw CommandFailure.usage(
            "Run "
                + runId
                + " cannot be resumed: "
                + RunJournal.file(home.folder(), runId)
                + " is damaged; start a new run");
      }
      return run;
    } catch (IOException e) {
      throw CommandFailure.platform("Run " + runId + " cannot be looked up: " + e.getMessage(), e);
    } catch (RunRefusedException e) {
      throw CommandFailure.usage("" + e.getMessage());
    }
  }

  private static BatchAdapter files(FinksHome home, RunSummary run) {
    FilesRequest request = FilesRequest.ofRun(run);
    return FileAdapter.of(request, Bindings.stream(home, request.binding()));
  }

  private static BatchAdapter fmp(
      FinksHome home, FmpRequest.Entity entity, RunSummary run, StackRecord stack) {
    Map<String, String> args = new HashMap<>(run.args());
    String service = args.remove(SERVICE);
    FmpConfig config =
        LOCAL.equals(service)
            ? FmpAccess.simulator(stack, PARALLEL)
            : FmpAccess.live(PARALLEL, null, null, System.getenv());
    if (!LOCAL.equals(service) && !config.baseUrl().getHost().equals(service)) {
      throw CommandFailure.usage(
          "Run "
              + run.runId()
              + " asked "
              + service
              + "; set FMP_BASE_URL to that, or give the command that started it with --run-id "
              + run.runId());
    }
    return FmpAdapter.of(config, FmpRequest.of(entity, args), Bindings.stream(home, run.adapter()));
  }
}
