package ai.finks.adapters.fmp;

import ai.finks.adapters.fmp.FmpException.Reason;
import dev.failsafe.CircuitBreaker;
import dev.failsafe.RateLimiter;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Decides when the next call may go out; one for all threads.
 *
 * <p>It keeps the calls per minute, the pauses that the service asks for (they hold for every
 * thread, as the limit is the key's), and a circuit breaker that keeps calls back for a while after
 * many failures in a row. A wait here costs time, never one of a unit's attempts. Thread-safe.
 */
final class ServiceGate {
  private static final Duration SHORTEST_WAIT = Duration.ofMillis(10);

  private final RetryConfig config;
  private final RateLimiter<Object> limiter;
  private final CircuitBreaker<Object> breaker;
  private volatile long pausedUntilNanos = System.nanoTime();
  private boolean failing;
  private long failingSinceNanos;

  ServiceGate(int callsPerMinute, RetryConfig config) {
    this.config = config;
    this.limiter = RateLimiter.<Object>smoothBuilder(callsPerMinute, Duration.ofMinutes(1)).build();
    this.breaker =
        CircuitBreaker.<Object>builder()
            .withFailureThreshold(config.breakerFailures())
            .withSuccessThreshold(1)
            .withDelay(config.breakerPause())
            .build();
  }

  /**
   * Waits for a call's turn. Each turn must be answered by {@link #good} or {@link #failed}.
   *
   * @throws FmpException when no call was answered well for too long
   */
  void awaitTurn() throws FmpException, InterruptedException {
    limiter.acquirePermit();
    while (true) {
      long pause = pausedUntilNanos - System.nanoTime();
      if (pause > 0) {
        TimeUnit.NANOSECONDS.sleep(pause);
      } else if (breaker.tryAcquirePermit()) {
        return;
      } else {
        checkAlive();
        Duration wait = breaker.getRemainingDelay();
        Thread.sleep((wait.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : wait).toMillis());
      }
    }
  }

  /** The service answered the call, if only by refusing it. */
  synchronized void good() {
    failing = false;
    breaker.recordSuccess();
  }

  /** The call failed in a way that may pass. */
  synchronized void failed(FmpException failure) throws FmpException {
    if (failure.reason() == Reason.RATE_LIMITED) {
      // A service that counts calls is alive.
      breaker.recordSuccess();
    } else {
      breaker.recordFailure();
    }
    Duration wait = failure.retryAfter();
    if (wait != null && wait.compareTo(config.maxPause()) > 0) {
      // Calls before its end would be refused, and may be counted against us.
      throw new FmpException(
          Reason.PAUSE_TOO_LONG,
          failure.status(),
          String.format(
              "%s; it asks to wait %s, longer than retry.max-pause = %s",
              failure.getMessage(), wait, config.maxPause()));
    }
    if (wait != null) {
      pause(wait);
    }
    if (!failing) {
      failing = true;
      failingSinceNanos = System.nanoTime();
    }
    checkAlive();
  }

  /** The call ended for a reason that says nothing about the service. */
  void abandoned() {
    breaker.recordSuccess();
  }

  private void pause(Duration wait) {
    long until = System.nanoTime() + wait.toNanos();
    if (until - pausedUntilNanos > 0) {
      pausedUntilNanos = until;
    }
  }

  private synchronized void checkAlive() throws FmpException {
    long failingNanos = System.nanoTime() - failingSinceNanos;
    if (failing && failingNanos > config.giveUpAfter().toNanos()) {
      throw new FmpException(
          Reason.SERVICE_DOWN,
          null,
          "no call was answered well for "
              + TimeUnit.NANOSECONDS.toSeconds(failingNanos)
              + " seconds");
    }
  }
}
