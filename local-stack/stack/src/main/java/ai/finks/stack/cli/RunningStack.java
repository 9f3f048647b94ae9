package ai.finks.stack.cli;

import ai.finks.stack.embedded.StackProcess;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.home.HomeLock;
import ai.finks.stack.home.StackRecord;
import ai.finks.stack.lake.Lake;
import ai.finks.stack.status.FlinkJobs;
import ai.finks.stack.status.JobState;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Finds the stack that a command needs. */
final class RunningStack {
  private static final Duration LOCK_PATIENCE = Duration.ofSeconds(20);
  private static final long POLL_MILLIS = 100;

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

  /**
   * The home's lock, or nothing where a stack lives. One that was taken down holds the lock a
   * moment longer than it lives.
   */
  static Optional<HomeLock> lockUnlessUp(FinksHome home) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + LOCK_PATIENCE.toNanos();
    while (true) {
      Optional<HomeLock> lock = HomeLock.tryAcquire(home);
      if (lock.isPresent() || StackProcess.findLiving(home).isPresent()) {
        return lock;
      }
      if (System.nanoTime() > deadline) {
        throw CommandFailure.platform(
            "Another rebuild, or a stack that starts or ends, holds " + home + "; wait for it");
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }

  /** Fails where no tables can be read, and says why. */
  static void requireLake(FinksHome home) {
    requireReachableLake(home);
    if (!Lake.existsIn(home)) {
      throw CommandFailure.usage("There is no lake in " + home + "; ./finks up makes one");
    }
  }

  /** Fails where tables, if there are any, lie behind a stack that is down. */
  static void requireReachableLake(FinksHome home) {
    if (!Lake.isReachable(home)) {
      throw CommandFailure.usage(
          "The tables of "
              + home
              + " lie behind the S3 API of its stack, which is down; start it: ./finks up"
              + homeOption(home));
    }
  }

  /** Fails when the stack or one of its jobs is gone: whoever waits for it waits in vain. */
  static void requireLife(FinksHome home, StackRecord stack) {
    try {
      if (StackProcess.findLiving(home).isEmpty()) {
        throw CommandFailure.platform(
            "The stack on " + home + " is gone; ./finks up takes over where it was");
      }
    } catch (IOException e) {
      throw CommandFailure.platform("stack.json is unreadable: " + e.getMessage(), e);
    }
    requireLivingJobs(home, stack);
  }

  /** Fails when a job ended for good: the rest of the stack cannot do its work. */
  static void requireLivingJobs(FinksHome home, StackRecord stack) {
    for (JobState job : FlinkJobs.of(stack)) {
      if (job.isDead() && isStillRecorded(home, job)) {
        throw CommandFailure.platform(
            "The "
                + job.name()
                + " job is "
                + job.state().toLowerCase(Locale.ROOT)
                + (job.failure().isEmpty() ? "" : ": " + job.failure())
                + "\n./finks logs says more; ./finks down"
                + homeOption(home)
                + ", then ./finks up"
                + homeOption(home)
                + " starts it anew, from where its tables stand");
      }
    }
  }

  /** A job that ended because another one takes its place is not dead. */
  private static boolean isStillRecorded(FinksHome home, JobState job) {
    try {
      return StackRecord.read(home).stream()
          .flatMap(record -> record.jobs().stream())
          .anyMatch(recorded -> recorded.id().equals(job.id()));
    } catch (IOException e) {
      return true;
    }
  }

  /** The option that names a home in a hint, empty for the default one. */
  static String homeOption(FinksHome home) {
    FinksHome usual = FinksHome.at(CommonOptions.root().resolve(".finks/home"));
    return home.folder().equals(usual.folder()) ? "" : " --home " + home;
  }
}
