package ai.finks.stack.cli;

import ai.finks.adapters.journal.RunSummary;
import ai.finks.stack.home.FinksHome;

/** How a person goes on with an interrupted run. */
final class RunResume {
  private RunResume() {}

  /** The command that resumes {@code run}: an unfinished run knows what it was started with. */
  static String command(FinksHome home, RunSummary run) {
    return "./finks ingest --run-id " + run.runId() + RunningStack.homeOption(home);
  }
}
