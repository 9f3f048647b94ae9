package ai.finks.stack.chaos;

import ai.finks.flink.fault.FaultPoints;
import ai.finks.stack.cli.Finks;
import ai.finks.stack.home.FinksHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A command of the platform's own command line on the run's home, in a process of its own. */
final class HomeCommand implements AutoCloseable {
  /** What a process that was killed ends with. */
  static final int KILLED = 137;

  private static final int SHOWN = 1500;

  private final Process process;
  private final List<String> words;
  private final Path out;
  private final Path err;

  private HomeCommand(Process process, List<String> words, Path out, Path err) {
    this.process = process;
    this.words = words;
    this.out = out;
    this.err = err;
  }

  /**
   * Starts a command.
   *
   * @param faultPoints what {@link FaultPoints#PROPERTY} holds in it; empty for nothing
   */
  static HomeCommand start(FinksHome home, NodePool pool, String faultPoints, List<String> words) {
    List<String> command = pool.javaCommand();
    if (!faultPoints.isEmpty()) {
      command.add(1, "-D" + FaultPoints.PROPERTY + "=" + faultPoints);
    }
    command.add(1, "-Dfinks.logs=" + home.logs());
    command.add(Finks.class.getName());
    command.addAll(words);
    command.addAll(List.of("--home", home.toString()));
    try {
      Path out = Files.createTempFile(home.logs(), words.get(0) + "-", ".out");
      Path err = out.resolveSibling(out.getFileName().toString().replace(".out", ".err"));
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      return new HomeCommand(process, words, out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isOver() {
    return !process.isAlive();
  }

  int exitCode() {
    return process.exitValue();
  }

  /** The command and the end of what it said. */
  String description() {
    String said = read(err) + read(out);
    return String.join(" ", words)
        + " ended with "
        + (process.isAlive() ? "nothing yet" : process.exitValue())
        + ": "
        + said.substring(Math.max(0, said.length() - SHOWN));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
