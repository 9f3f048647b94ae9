package ai.finks.stack.embedded;

import java.io.UncheckedIOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Keeps the silver job still while somebody else puts other content into its tables; however that
 * ends, the job is started again, from where its tables stand then.
 */
final class SilverPause {
  private static final String PAUSED = "silver job paused";
  private static final long SIGN_OF_LIFE_MILLIS = 500;

  private final ContractRollout jobs;
  private final Semaphore ended = new Semaphore(0);

  SilverPause(ContractRollout jobs) {
    this.jobs = jobs;
  }

  /**
   * Returns when the job runs again: after {@link #end}, or when the one who asked is gone.
   *
   * @param hearer is told that the job is paused, and that it still is; throws when it is gone
   */
  synchronized void hold(Consumer<String> hearer) throws Exception {
    ended.drainPermits();
    try {
      jobs.pauseSilver();
      do {
        hearer.accept(PAUSED);
      } while (!ended.tryAcquire(SIGN_OF_LIFE_MILLIS, TimeUnit.MILLISECONDS));
    } catch (UncheckedIOException gone) {
      // The tables are as they were, or replaced: the job goes on with either.
      return;
    } finally {
      jobs.resumeSilver();
    }
  }

  /** Ends the pause. */
  void end() {
    ended.release();
  }
}
