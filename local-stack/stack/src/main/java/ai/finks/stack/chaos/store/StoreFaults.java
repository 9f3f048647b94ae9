package ai.finks.stack.chaos.store;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the store does wrong in this process at the moment; nothing unless a chaos run asks for it.
 */
public final class StoreFaults {
  /** What is asked of a store. */
  public enum Operation {
    /** A file is begun. */
    CREATE,
    /** Bytes are handed over. */
    WRITE,
    /** A file is completed. */
    CLOSE,
    /** A file is opened for reading. */
    READ,
    /** A file is removed. */
    DELETE,
    /** A hidden file is made visible. */
    PUBLISH
  }

  /** How the store fails. */
  public enum Mode {
    /** It does as it is told. */
    NONE,
    /** The operation is refused, that many times. */
    REFUSED,
    /** The operation is done, but its caller is told that it failed, that many times. */
    ANSWER_LOST,
    /** Each operation takes long, that many times. */
    SLOW,
    /** No byte is taken until the store is healed. */
    FULL
  }

  private static final long SLOW_MILLIS = 150;
  private static final AtomicLong HITS = new AtomicLong();
  private static volatile Plan plan = new Plan(Mode.NONE, Operation.WRITE, 0);

  private record Plan(Mode mode, Operation operation, AtomicInteger left) {
    Plan(Mode mode, Operation operation, int times) {
      this(mode, operation, new AtomicInteger(times));
    }
  }

  private StoreFaults() {}

  /**
   * What goes wrong from now on, instead of what went wrong before.
   *
   * @param times how often; has no meaning for {@link Mode#NONE} and {@link Mode#FULL}
   */
  public static void plan(Mode mode, Operation operation, int times) {
    plan = new Plan(mode, operation, times);
  }

  /** How often something went wrong since the process started. */
  public static long hits() {
    return HITS.get();
  }

  static void before(Operation operation, String path) throws IOException {
    Plan now = plan;
    switch (now.mode()) {
      case FULL -> {
        if (operation == Operation.CREATE || operation == Operation.WRITE) {
          HITS.incrementAndGet();
          throw new IOException("Injected: no space left on device: " + path);
        }
      }
      case REFUSED -> {
        if (isDue(now, operation)) {
          throw new IOException("Injected: " + operation + " of " + path + " is refused");
        }
      }
      case SLOW -> {
        if (isDue(now, operation)) {
          await(path);
        }
      }
      case NONE, ANSWER_LOST -> {}
    }
  }

  static void after(Operation operation, String path) throws IOException {
    Plan now = plan;
    if (now.mode() == Mode.ANSWER_LOST && isDue(now, operation)) {
      throw new IOException("Injected: the answer to " + operation + " of " + path + " is lost");
    }
  }

  private static boolean isDue(Plan now, Operation operation) {
    if (operation != now.operation() || now.left().getAndDecrement() <= 0) {
      return false;
    }
    HITS.incrementAndGet();
    return true;
  }

  private static void await(String path) throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(SLOW_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted at " + path, e);
    }
  }
}
