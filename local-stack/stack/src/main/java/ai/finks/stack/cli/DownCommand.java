package ai.finks.stack.cli;

import ai.finks.stack.embedded.StackProcess;
import ai.finks.stack.home.FinksHome;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Ends the live stack; what it holds stays in the home. */
@Command(name = "down", description = "Stop the live stack; what it holds stays in the home.")
final class DownCommand implements Callable<Integer> {
  @Mixin private final CommonOptions common = new CommonOptions();

  @Override
  public Integer call() throws InterruptedException {
    FinksHome home = common.home();
    boolean stopped;
    try {
      stopped = StackProcess.stop(home);
    } catch (IOException e) {
      throw CommandFailure.platform("The stack did not stop: " + e.getMessage(), e);
    }
    common.progress(
        stopped ? "The stack on " + home + " is down." : "No stack runs on " + home + ".");
    if (common.json()) {
      common.print(
          CommonOptions.JSON
              .createObjectNode()
              .put("home", home.toString())
              .put("state", "down")
              .put("stopped", stopped));
    }
    return ExitCode.DONE.code();
  }
}
