package ai.finks.stack.cli;

import ai.finks.stack.embedded.StackProcess;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.home.StackRecord;
import java.io.IOException;

/** Finds the stack that a command needs. */
final class RunningStack {
  private RunningStack() {}

  /** The stack that is up on {@code home}, or a failure that says how to get one. */
  static StackRecord of(FinksHome home) {
    try {
      return StackProcess.findLiving(home)
          .filter(record -> record.state() == StackRecord.State.UP)
          .orElseThrow(
              () ->
                  CommandFailure.usage(
                      "No stack is up on " + home + "; start one: ./finks up" + homeOption(home)));
    } catch (IOException e) {
      throw CommandFailure.platform("stack.json is unreadable: " + e.getMessage(), e);
    }
  }

  /** The option that names a home in a hint, empty for the default one. */
  static String homeOption(FinksHome home) {
    FinksHome usual = FinksHome.at(CommonOptions.root().resolve(".finks/home"));
    return home.folder().equals(usual.folder()) ? "" : " --home " + home;
  }
}
