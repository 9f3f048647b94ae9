package ai.finks.processes;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A running {@link Program}; it ends with the process that started it, however that one ends. */
public final class ChildProcess implements AutoCloseable {
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
  private static final long POLL_MILLIS = 30;

  private final Process process;
  private final Program program;

  private ChildProcess(Process process, Program program) {
    this.process = process;
    this.program = program;
  }

  /** Starts the program and returns at once. */
  public static ChildProcess start(Program program) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add(program.mark());
    command.addAll(program.jvmOptions());
    command.add("-cp");
    command.add(program.classPath() + File.pathSeparator + ownClasses());
    command.add(ChildMain.class.getName());
    command.add(program.mainClass());
    command.addAll(program.arguments());
    Files.createDirectories(program.log().toAbsolutePath().getParent());
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(program.log().toFile()));
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().putAll(program.environment());
    return new ChildProcess(builder.start(), program);
  }

  /**
   * Waits until the program serves.
   *
   * @param name of the program, for the message
   * @throws IOException when it ends before, or takes longer; says where its log is
   */
  public void awaitReady(String name, BooleanSupplier ready, Duration timeout)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!ready.getAsBoolean()) {
      if (!process.isAlive()) {
        throw new IOException(
            name + " ended with code " + process.exitValue() + "; see " + program.log());
      }
      if (System.nanoTime() > deadline) {
        throw new IOException(
            name + " did not answer within " + timeout + "; see " + program.log());
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }

  /** The process, for those who record or kill it. */
  public ProcessHandle handle() {
    return process.toHandle();
  }

  /** Whether it lives. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Runs something in a thread of its own when the process has ended. */
  public void onExit(Runnable action) {
    process.onExit().thenRunAsync(action);
  }

  /** Asks it to end, and ends it when it does not. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static Path ownClasses() throws IOException {
    try {
      return Path.of(ChildMain.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IOException("Cannot tell where this module's classes are", e);
    }
  }

  /**
   * Where this module's build gathered the jars of other programs: {@code s3proxy/} and {@code
   * plugins/}. Only builds with tests gather them.
   */
  public static Path gathered() {
    try {
      return ownClasses().resolve("../../s3proxy/target").normalize();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
