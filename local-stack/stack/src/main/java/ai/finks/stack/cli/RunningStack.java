package ai.finks.stack.cli;

import ai.finks.stack.embedded.StackProcess;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.home.StackRecord;
import ai.finks.stack.lake.Lake;
import ai.finks.stack.status.FlinkJobs;
import ai.finks.stack.status.JobState;
import java.io.IOException;
import java.util.Locale;

/** Finds the stack that a command needs. */
final class RunningStack {
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
