package ai.finks.stack.embedded;

import ai.finks.stack.home.FinksHome;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Once a day: seals past periods, then expires what nobody needs. Each is the command of that name
 * in a process of its own, with one thread and little memory, so that the live jobs keep theirs; a
 * day that fails is told in the log, and the next one is tried.
 */
final class NightlyUpkeep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NightlyUpkeep.class);

  /** By name, since commands know the stack and not the other way round. */
  private static final String COMMAND_LINE = "ai.finks.stack.cli.Finks";

  static final List<List<String>> STEPS =
      List.of(List.of("seal", "--threads", "1"), List.of("expire"));
  private static final long STOP_SECONDS = 10;

  private final Path root;
  private final FinksHome home;
  private final LocalTime at;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(NightlyUpkeep::daemon);
  private @Nullable Process running;
  private boolean closed;

  private NightlyUpkeep(Path root, FinksHome home, LocalTime at) {
    this.root = root;
    this.home = home;
    this.at = at;
  }

  /**
   * Starts the clock.
   *
   * @param root the checkout
   * @param at time of day in UTC
   */
  static NightlyUpkeep start(Path root, FinksHome home, LocalTime at) {
    NightlyUpkeep upkeep = new NightlyUpkeep(root, home, at);
    upkeep.scheduleNext();
    return upkeep;
  }

  private void scheduleNext() {
    clock.schedule(this::everyStep, untilNext(at, Instant.now()).toMillis(), TimeUnit.MILLISECONDS);
  }

  /** From now to the next time that it is so late in UTC; a day if it is just now. */
  static Duration untilNext(LocalTime at, Instant now) {
    ZonedDateTime today = now.atZone(ZoneOffset.UTC);
    ZonedDateTime next = today.with(at);
    return Duration.between(today, next.isAfter(today) ? next : next.plusDays(1));
  }

  private void everyStep() {
    try {
      for (List<String> step : STEPS) {
        int exitCode = run(step);
        if (exitCode == 0) {
          LOG.info("nightly: command={} exit_code=0", step.get(0));
        } else {
          LOG.warn("nightly: command={} exit_code={}, see nightly.log", step.get(0), exitCode);
        }
      }
    } catch (IOException e) {
      LOG.warn("nightly upkeep failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    scheduleNext();
  }

  /** Runs a command; what it prints goes to the log named nightly. */
  int run(List<String> step) throws IOException, InterruptedException {
    Files.createDirectories(home.logs());
    ProcessBuilder builder = new ProcessBuilder(command(step)).redirectErrorStream(true);
    builder.redirectOutput(
        ProcessBuilder.Redirect.appendTo(home.logs().resolve("nightly.log").toFile()));
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    builder.environment().put("FINKS_ROOT", root.toString());
    Process process;
    synchronized (this) {
      if (closed) {
        throw new InterruptedException("the stack ends");
      }
      process = builder.start();
      running = process;
    }
    return process.waitFor();
  }

  private List<String> command(List<String> step) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:ActiveProcessorCount=1",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                COMMAND_LINE));
    command.addAll(step);
    command.addAll(List.of("--home", home.folder().toString()));
    return command;
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "nightly");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() {
    clock.shutdownNow();
    Process process;
    synchronized (this) {
      closed = true;
      process = running;
    }
    if (process != null) {
      process.destroy();
      try {
        if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }
}
