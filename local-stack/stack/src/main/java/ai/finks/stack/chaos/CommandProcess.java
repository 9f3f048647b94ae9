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

/** A command in a process of its own, which dies where fault points say so. */
final class CommandProcess extends HomeCommand {
  private static final long PATIENCE_SECONDS = 30;

  private final Process process;
  private final Path out;
  private final Path err;

  private CommandProcess(Process process, List<String> words, Path out, Path err) {
    super(words);
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /**
   * @param faultPoints what {@link FaultPoints#PROPERTY} holds in it
   */
  static CommandProcess start(
      FinksHome home, NodePool pool, String faultPoints, List<String> words) {
    List<String> command = pool.javaCommand();
    command.add(1, "-D" + FaultPoints.PROPERTY + "=" + faultPoints);
    command.add(1, "-Dfinks.logs=" + home.logs());
    command.add(Finks.class.getName());
    command.addAll(words);
    try {
      Path out = Files.createTempFile(home.logs(), words.get(0) + "-", ".out");
      Path err = out.resolveSibling(out.getFileName().toString().replace(".out", ".err"));
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      return new CommandProcess(process, words, out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  boolean isOver() {
    return !process.isAlive();
  }

  @Override
  int exitCode() {
    return process.exitValue();
  }

  @Override
  String result() {
    return read(out);
  }

  @Override
  String progress() {
    return read(err);
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
      process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
