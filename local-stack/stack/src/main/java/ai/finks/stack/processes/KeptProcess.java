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
 * same folder. After some deaths in a row that came before it even served it is given up.
 */
public final class KeptProcess implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KeptProcess.class);
  private static final Duration READY_TIMEOUT = Duration.ofSeconds(120);
  private static final int MAX_FAILED_STARTS = 3;

  private final String name;
  private final Callable<ChildProcess> starter;
  private final BooleanSupplier serves;
  private final Consumer<ProcessIdentity> whenStarted;
  private @Nullable Runnable whenBack;
  private @Nullable ChildProcess current;
  private int failedStarts;
  private boolean closed;

  /**
   * @param name for logs and messages
   * @param starter starts a process
   * @param serves whether the process of now does its work
   * @param whenStarted hears of each process, the first included
   */
  public KeptProcess(
      String name,
      Callable<ChildProcess> starter,
      BooleanSupplier serves,
      Consumer<ProcessIdentity> whenStarted) {
    this.name = name;
    this.starter = starter;
    this.serves = serves;
    this.whenStarted = whenStarted;
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
    ChildProcess next;
    Runnable back;
    synchronized (this) {
      if (closed || current != dead) {
        return;
      }
      LOG.warn("a process died, starting it again: name={}", name);
      try {
        next = begin();
      } catch (Exception e) {
        // Whatever keeps it from starting, the others go on, and the log says why.
        LOG.error("a process could not be started again: name={}", name, e);
        return;
      }
      back = whenBack;
    }
    try {
      next.awaitReady(name, serves, READY_TIMEOUT);
      failedStarts = 0;
      next.onExit(() -> replace(next));
      if (back != null) {
        back.run();
      }
    } catch (IOException e) {
      LOG.warn("a process did not come back: name={}", name, e);
      if (++failedStarts < MAX_FAILED_STARTS) {
        next.close();
        replace(next);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
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
