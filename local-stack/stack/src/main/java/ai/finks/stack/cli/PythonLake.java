package ai.finks.stack.cli;

import ai.finks.stack.contracts.AppliedContracts;
import ai.finks.stack.home.FinksHome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs the Python side ({@code finks_lake}): SQL on the lake, and Gold. */
final class PythonLake {
  private PythonLake() {}

  /** Runs with this process's own streams and returns the exit code. */
  static int run(List<String> arguments) throws InterruptedException {
    return waitFor(start(builder(arguments).inheritIO()));
  }

  /**
   * What a run printed, and how it ended.
   *
   * @param exitCode the process's exit code
   * @param output its standard output
   */
  record Outcome(int exitCode, String output) {}

  /** Runs with the output captured; progress goes to this process's stderr unless quiet. */
  static Outcome capture(List<String> arguments, boolean quiet) throws InterruptedException {
    ProcessBuilder builder = builder(arguments);
    builder.redirectError(
        quiet ? ProcessBuilder.Redirect.DISCARD : ProcessBuilder.Redirect.INHERIT);
    Process process = start(builder);
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Outcome(waitFor(process), output);
    } catch (IOException e) {
      process.destroy();
      throw CommandFailure.platform("Python's output could not be read: " + e.getMessage(), e);
    }
  }

  private static ProcessBuilder builder(List<String> arguments) {
    Path root = CommonOptions.root();
    List<String> command = new ArrayList<>();
    command.add(python(root).toString());
    command.add("-m");
    command.add("finks_lake");
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("PYTHONPATH", root.resolve("dbt").toString());
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    builder.environment().put("FINKS_ROOT", root.toString());
    int home = arguments.indexOf("--home");
    if (home >= 0 && home + 1 < arguments.size()) {
      AppliedContracts.of(FinksHome.at(Path.of(arguments.get(home + 1))))
          .current()
          .ifPresent(
              contracts ->
                  builder
                      .environment()
                      .put("FINKS_CONTRACTS", contracts.resolve("avro").toString()));
    }
    return builder;
  }

  private static Path python(Path root) {
    String given = System.getenv("FINKS_VENV");
    Path venv = given == null ? root.resolve(".finks").resolve("venv") : Path.of(given);
    Path python = venv.resolve("bin").resolve("python");
    if (!Files.isExecutable(python)) {
      throw CommandFailure.platform(
          "No Python environment in " + venv + "; ./finks prepares it, run the command through it");
    }
    return python;
  }

  private static Process start(ProcessBuilder builder) {
    try {
      return builder.start();
    } catch (IOException e) {
      throw CommandFailure.platform("Python did not start: " + e.getMessage(), e);
    }
  }

  private static int waitFor(Process process) throws InterruptedException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroy();
      throw e;
    }
  }
}
