package ai.finks.stack.processes;

import ai.finks.processes.ChildProcess;
import ai.finks.stack.home.ProcessIdentity;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process that stays: when it dies, another one takes its place, at the same address and with the
 * same folder. One that does not serve after some starts in a row is given up.
 */
public final class KeptProcess implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KeptProcess.class);
  private static final Duration READY_TIMEOUT = Duration.ofSeconds(120);
  private static final int MAX_FAILED_STARTS = 3;

  private final String name;
  private final Callable<ChildProcess> starter;
  private final BooleanSupplier serves;
  private final Consumer<ProcessIdentity> whenStarted;
  private final Consumer<Throwable> whenGivenUp;
  private @Nullable Runnable whenBack;
  private @Nullable ChildProcess current;
  private boolean closed;

  /**
   * @param name for logs and messages
   * @param starter starts a process
   * @param serves whether the process of now does its work
   * @param whenStarted hears of each process, the first included
   * @param whenGivenUp hears why no other process takes the place of a dead one, or why what {@link
   *     #whenBack} asked for failed
   */
  public KeptProcess(
      String name,
      Callable<ChildProcess> starter,
      BooleanSupplier serves,
      Consumer<ProcessIdentity> whenStarted,
      Consumer<Throwable> whenGivenUp) {
    this.name = name;
    this.starter = starter;
    this.serves = serves;
    this.whenStarted = whenStarted;
    this.whenGivenUp = whenGivenUp;
  }

  /** Starts the first process, waits until it serves, and keeps it from then on. */
  public void start() throws Exception {
    ChildProcess first = begin();
    first.awaitReady(name, serves, READY_TIMEOUT);
    first.onExit(() -> replace(first));
  }

  /** Runs something each time that another process took a dead one's place and serves. */
  public synchronized void whenBack(Runnable action) {
    whenBack = action;
  }

  private synchronized ChildProcess begin() throws Exception {
    ChildProcess next = starter.call();
    current = next;
    whenStarted.accept(ProcessIdentity.of(next.handle()));
    return next;
  }

  private void replace(ChildProcess dead) {
    ChildProcess next = null;
    try {
      next = revive(dead);
      Runnable action = next == null ? null : action();
      if (action != null) {
        action.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Throwable e) {
      // This thread's last word, Errors included: nobody else would learn that nothing goes on.
      if (isClosed() || (next != null && !next.isAlive())) {
        LOG.warn("a process died again before all was as it had been: name={}", name, e);
      } else {
        LOG.error("a process is given up: name={}", name, e);
        whenGivenUp.accept(e);
      }
    }
  }

  private synchronized @Nullable Runnable action() {
    return whenBack;
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  /** Returns the process that serves now; null when none is wanted. */
  private @Nullable ChildProcess revive(ChildProcess dead) throws Exception {
    ChildProcess last = dead;
    for (int attempt = 1; ; attempt++) {
      try {
        ChildProcess next;
        synchronized (this) {
          if (closed || current != last) {
            return null;
          }
          LOG.warn("a process died, starting it again: name={} attempt={}", name, attempt);
          next = begin();
        }
        last = next;
        next.awaitReady(name, serves, READY_TIMEOUT);
        next.onExit(() -> replace(next));
        return next;
      } catch (IOException e) {
        LOG.warn("a process did not come back: name={} attempt={}", name, attempt, e);
        last.close();
        if (attempt == MAX_FAILED_STARTS) {
          throw e;
        }
      }
    }
  }

  @Override
  public void close() {
    ChildProcess last;
    synchronized (this) {
      closed = true;
      last = current;
    }
    if (last != null) {
      last.close();
    }
  }
}
