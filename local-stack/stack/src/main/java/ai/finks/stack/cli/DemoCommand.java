package ai.finks.stack.cli;

import ai.finks.stack.home.FinksHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A whole run on the shipped data: up, ingest, wait, gold, show, down. */
@Command(
    name = "demo",
    description = "Flow the shipped data from its sources to Gold, in a home of its own.",
    footer = {
      "",
      "Bars and quotes are real; the client portfolios are generated.",
      "The home is removed at the end, unless --keep leaves it there and the stack up."
    })
final class DemoCommand implements Callable<Integer> {
  @Mixin private final CommonOptions common = new CommonOptions();

  @Option(names = "--keep", description = "Leave the stack up and its home there.")
  private boolean keep;

  @Override
  public Integer call() throws Exception {
    FinksHome home = FinksHome.at(homeFolder());
    if (!home.isEmpty()) {
      throw CommandFailure.usage(
          home + " is not empty; the demo wants a home of its own. Give another one, or none.");
    }
    try (DemoHome guarded = new DemoHome(home, keep, common)) {
      int exitCode = new Demo(guarded, common).run();
      guarded.succeeded();
      return exitCode;
    }
  }

  private Path homeFolder() throws IOException {
    if (common.homeGiven()) {
      return common.home().folder();
    }
    Path demos = CommonOptions.root().resolve(".finks").resolve("demo");
    Files.createDirectories(demos);
    return Files.createTempDirectory(demos, "home-");
  }
}
