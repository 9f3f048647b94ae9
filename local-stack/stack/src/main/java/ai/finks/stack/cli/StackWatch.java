package ai.finks.stack.cli;

import ai.finks.stack.embedded.StackProcess;
import ai.finks.stack.home.StackRecord;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Tells when a stack's process is gone: what talks to its parts would else wait for them as if they
 * came back, and those of the next stack listen elsewhere.
 */
final class StackWatch implements AutoCloseable {
  private static final long POLL_MILLIS = 250;

  private enum State {
    WATCHING,
    GONE,
    CLOSED
  }

  private final StackRecord stack;
  private final Runnable whenGone;
  private final Thread thread = new Thread(this::watch, "stack-watch");
  private final AtomicReference<State> state = new AtomicReference<>(State.WATCHING);

  private StackWatch(StackRecord stack, Runnable whenGone) {
    this.stack = stack;
    this.whenGone = whenGone;
    thread.setDaemon(true);
  }

  /** Begins to watch; {@code whenGone} runs once, in the watch's own thread. */
  static StackWatch over(StackRecord stack, Runnable whenGone) {
    StackWatch watch = new StackWatch(stack, whenGone);
    watch.thread.start();
    return watch;
  }

  /** Whether the process was found gone. */
  boolean gone() {
    return state.get() == State.GONE;
  }

  private void watch() {
    try {
      while (StackProcess.isAlive(stack)) {
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      }
    } catch (InterruptedException e) {
      return;
    }
    if (state.compareAndSet(State.WATCHING, State.GONE)) {
      whenGone.run();
    }
  }

  /**
   * Ends the watch; nothing of {@code whenGone} runs afterwards, and an interrupt of this thread by
   * it is taken back.
   */
  @Override
  public void close() {
    if (state.compareAndSet(State.WATCHING, State.CLOSED)) {
      thread.interrupt();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (gone()) {
      Thread.interrupted();
    } else if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
