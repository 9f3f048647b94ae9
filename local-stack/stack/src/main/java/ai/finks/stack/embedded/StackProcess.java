package ai.finks.stack.embedded;

import ai.finks.stack.home.FinksHome;
import ai.finks.stack.home.HomeLock;
import ai.finks.stack.home.ProcessIdentity;
import ai.finks.stack.home.StackRecord;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Starts, finds and ends the background process of an embedded stack. */
public final class StackProcess {
  private static final String MARK = ProcessIdentity.mark("stack");

  private static final Duration START_TIMEOUT = Duration.ofSeconds(180);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);
  private static final long POLL_MILLIS = 50;
  private static final int CONNECT_MILLIS = 1_000;
  private static final String JVM_OPTIONS = "FINKS_STACK_JAVA_OPTS";

  private StackProcess() {}

  /** The record of the stack that lives on {@code home}, or empty when none does. */
  public static Optional<StackRecord> findLiving(FinksHome home) throws IOException {
    Optional<StackRecord> record = StackRecord.read(home);
    return record.filter(StackProcess::isAlive);
  }

  /** Whether the process of {@code stack} lives. */
  public static boolean isAlive(StackRecord stack) {
    return stack.process().find(MARK).isPresent();
  }

  /**
   * Starts a stack in the background and waits until it is up.
   *
   * @param progress receives a line per step
   * @throws IOException when it does not come up; the message says why
   */
  public static StackRecord start(StackConfig config, Consumer<String> progress)
      throws IOException, InterruptedException {
    FinksHome home = config.home();
    Files.createDirectories(home.logs());
    Path log = home.logs().resolve("stack.out");
    Process process =
        new ProcessBuilder(command(config))
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
            .redirectOutput(ProcessBuilder.Redirect.to(log.toFile()))
            .start();
    // An interrupted command must not leave behind a stack that nobody knows of.
    Thread ending = new Thread(() -> end(process), "end-stack");
    Runtime.getRuntime().addShutdownHook(ending);
    try {
      return awaitUp(home, process, progress);
    } catch (IOException | InterruptedException | RuntimeException e) {
      end(process);
      throw e;
    } finally {
      try {
        Runtime.getRuntime().removeShutdownHook(ending);
      } catch (IllegalStateException e) {
        // The JVM is ending, and the hook with it.
      }
    }
  }

  private static void end(Process process) {
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

  /**
   * Waits for whoever holds the home's lock.
   *
   * @return their stack when it is up; empty when the lock is free, as a stack that was just killed
   *     or stopped holds it a moment longer than it lives
   */
  public static Optional<StackRecord> awaitOther(FinksHome home, Consumer<String> progress)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
    int shown = 0;
    while (HomeLock.isHeld(home)) {
      Optional<StackRecord> other = findLiving(home);
      if (other.isPresent()) {
        shown = showSteps(other.get(), shown, progress);
        if (other.get().state() == StackRecord.State.UP) {
          return other;
        }
      }
      if (System.nanoTime() > deadline) {
        throw notUpInTime(home);
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
    return Optional.empty();
  }

  /**
   * Ends the stack of {@code home} and waits until it is gone.
   *
   * @return false when none lived there
   */
  public static boolean stop(FinksHome home) throws IOException, InterruptedException {
    Optional<StackRecord> record = StackRecord.read(home);
    Optional<ProcessHandle> living =
        record.map(StackRecord::process).flatMap(process -> process.find(MARK));
    if (living.isEmpty()) {
      if (record.isPresent()) {
        endLeftovers(record.get());
      }
      return false;
    }
    ProcessIdentity process = ProcessIdentity.of(living.get());
    living.get().destroy();
    if (!awaitEnd(process, STOP_TIMEOUT)) {
      living.get().destroyForcibly();
      if (!awaitEnd(process, STOP_TIMEOUT)) {
        throw new IOException(
            "Process " + process.pid() + " does not end; its log is in " + home.logs());
      }
    }
    endLeftovers(record.get());
    return true;
  }

  /**
   * Waits until every part of a stack that is up lives: one that was killed is being replaced.
   *
   * @param works whether the parts do their work, too
   * @return the stack with the processes of now
   * @throws IOException when a part does not come back, or the stack is gone
   */
  public static StackRecord awaitWhole(FinksHome home, Predicate<StackRecord> works)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
    while (true) {
      StackRecord record =
          findLiving(home).orElseThrow(() -> new IOException("The stack on " + home + " is gone"));
      if (record.state() == StackRecord.State.UP
          && record.components().stream().allMatch(StackProcess::lives)
          && works.test(record)) {
        return record;
      }
      if (System.nanoTime() > deadline) {
        throw notUpInTime(home);
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }

  /** Its process is there, and it takes calls again. */
  private static boolean lives(StackRecord.Component component) {
    String url = component.url();
    URI address = URI.create(url.contains("://") ? url : "tcp://" + url);
    if (component.process().find("").isEmpty()) {
      return false;
    }
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address.getHost(), address.getPort()), CONNECT_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Ends what a dead stack left behind: processes that it recorded as its own and that live on. */
  static void endLeftovers(StackRecord record) throws IOException {
    for (StackRecord.Component component : record.components()) {
      if (component.process().equals(record.process())) {
        continue;
      }
      Optional<ProcessHandle> leftover = component.process().find(ProcessIdentity.mark(""));
      if (leftover.isPresent()) {
        leftover.get().destroyForcibly();
        try {
          awaitEnd(component.process(), STOP_TIMEOUT);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IOException("Interrupted while ending " + component.name(), e);
        }
      }
    }
  }

  private static boolean awaitEnd(ProcessIdentity process, Duration timeout)
      throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (process.find("").isPresent()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
    return true;
  }

  private static StackRecord awaitUp(FinksHome home, Process process, Consumer<String> progress)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
    int shown = 0;
    while (true) {
      boolean dead = !process.isAlive();
      StackRecord record = StackRecord.read(home).orElse(null);
      if (record != null && record.process().pid() == process.pid()) {
        shown = showSteps(record, shown, progress);
        if (record.state() == StackRecord.State.UP) {
          return record;
        }
        if (record.state() == StackRecord.State.FAILED) {
          throw new IOException(record.error() + "; its log is in " + home.logs());
        }
      }
      if (dead) {
        throw new IOException(
            "The stack's process ended while it started; see " + home.logs() + "/stack.out");
      }
      if (System.nanoTime() > deadline) {
        throw notUpInTime(home);
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }

  /** Tells the steps from the {@code shown}-th on, and returns how many there are. */
  private static int showSteps(StackRecord record, int shown, Consumer<String> progress) {
    int count = record.steps().size();
    for (StackRecord.Step step : record.steps().subList(Math.min(shown, count), count)) {
      progress.accept(String.format("  %-28s %6.1f s", step.name(), step.millis() / 1000.0));
    }
    return count;
  }

  private static IOException notUpInTime(FinksHome home) {
    return new IOException(
        "The stack was not up within " + START_TIMEOUT + "; its log is in " + home.logs());
  }

  private static List<String> command(StackConfig config) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add(MARK);
    command.addAll(JvmOptions.forStack(config.home(), config.mode()));
    String more = System.getenv(JVM_OPTIONS);
    if (more != null && !more.isBlank()) {
      command.addAll(List.of(more.trim().split("\\s+")));
    }
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(StackMain.class.getName());
    command.addAll(config.toArguments());
    return command;
  }
}
