package ai.finks.stack.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Interrupts a thread when this JVM is told to end, and lets it finish what it does then: a command
 * that was stopped by Ctrl-C can still tell that it broke off. Closed by that thread when nothing
 * is left to be told.
 */
final class InterruptAtExit implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 5;

  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook;

  private InterruptAtExit(Thread working) {
    hook = new Thread(() -> interrupt(working), "interrupt-at-exit");
  }

  static InterruptAtExit of(Thread working) {
    InterruptAtExit atExit = new InterruptAtExit(working);
    Runtime.getRuntime().addShutdownHook(atExit.hook);
    return atExit;
  }

  private void interrupt(Thread working) {
    working.interrupt();
    try {
      if (!closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is ending, and the hook with it.
    }
  }
}
