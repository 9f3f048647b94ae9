package ai.finks.bench.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own for one part of a benchmark. It ends with this JVM, at the latest. */
public final class ChildJvm implements AutoCloseable {
  private static final int LOG_LINES = 25;
  private static final List<String> OPENED =
      List.of("lang", "util", "nio", "net", "time", "math", "text", "util.concurrent");

  private final String name;
  private final Process process;
  private final Path log;
  private final Thread reaper;

  private ChildJvm(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
    this.reaper = new Thread(process::destroyForcibly, "reaper-" + name);
    Runtime.getRuntime().addShutdownHook(reaper);
  }

  /**
   * How to start one.
   *
   * @param name for messages and the log file
   * @param classpath as {@code -cp} takes it
   * @param heapMebibytes fixed size of the heap
   * @param options more options of the JVM
   * @param mainClass what to run
   * @param arguments of the main class
   */
  public record Launch(
      String name,
      String classpath,
      int heapMebibytes,
      List<String> options,
      String mainClass,
      List<String> arguments) {}

  /** Starts it with everything that it prints in a log in {@code folder}. */
  public static ChildJvm start(Path folder, Launch launch) throws IOException {
    Path scratch = Files.createDirectories(folder.resolve("tmp"));
    Path log = folder.resolve(launch.name() + ".log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xms" + launch.heapMebibytes() + "m");
    command.add("-Xmx" + launch.heapMebibytes() + "m");
    command.add("-XX:+UseParallelGC");
    command.add("-XX:+ExitOnOutOfMemoryError");
    command.add("-Djava.io.tmpdir=" + scratch);
    OPENED.forEach(p -> command.add("--add-opens=java.base/java." + p + "=ALL-UNNAMED"));
    command.add("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED");
    command.addAll(launch.options());
    command.add("-cp");
    command.add(launch.classpath());
    command.add(launch.mainClass());
    command.addAll(launch.arguments());
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    return new ChildJvm(launch.name(), process, log);
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Waits until it has ended by itself.
   *
   * @throws ChildFailedException if it fails or takes longer
   */
  public void await(long seconds) throws InterruptedException {
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
      close();
      throw new ChildFailedException(name + " did not end within " + seconds + " s\n" + tail());
    }
    if (process.exitValue() != 0) {
      throw new ChildFailedException(name + " ended with " + process.exitValue() + "\n" + tail());
    }
  }

  /** The end of its log. */
  public String tail() {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
    } catch (IOException e) {
      return "(no log at " + log + ")";
    }
  }

  /** Ends it. */
  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(reaper);
    } catch (IllegalStateException e) {
      // This JVM is on its way out; the hook does no harm.
    }
  }
}
