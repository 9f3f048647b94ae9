package ai.finks.stack.embedded;

import ai.finks.stack.home.FinksHome;
import ai.finks.stack.home.HomeLock;
import ai.finks.stack.home.HomeMode;
import ai.finks.stack.home.ProcessIdentity;
import ai.finks.stack.home.StackRecord;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/**
 * The background process of an embedded stack: takes the home's lock, starts everything, stays
 * until it is told to end.
 */
public final class StackMain {
  private static final Logger LOG = LoggerFactory.getLogger(StackMain.class);
  private static final long OWNER_POLL_SECONDS = 1;
  private static final long END_SECONDS = 55;
  private static final Duration LOCK_PATIENCE = Duration.ofSeconds(5);
  private static final long LOCK_POLL_MILLIS = 20;

  private StackMain() {}

  /** Runs a stack; the arguments are those of {@link StackConfig#toArguments}. */
  public static void main(String[] arguments) throws Exception {
    // Ctrl-C and a closed terminal are meant for the command in the foreground, not for the stack.
    Signal.handle(new Signal("INT"), signal -> LOG.info("ignored: signal={}", signal.getName()));
    Signal.handle(new Signal("HUP"), signal -> LOG.info("ignored: signal={}", signal.getName()));
    StackConfig config = StackConfig.parse(arguments);
    config.home().create();
    Optional<HomeLock> lock = acquire(config.home());
    if (lock.isEmpty()) {
      System.err.println("Another stack holds " + config.home());
      Runtime.getRuntime().halt(1);
    }
    if (HomeMode.read(config.home()).isEmpty()) {
      config.mode().write(config.home());
    }
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(asked, ended), "shutdown"));
    if (config.ownerPid() != 0) {
      watchOwner(config.ownerPid(), asked);
    }
    int exitCode = run(config, asked);
    ended.countDown();
    // Threads of the parts may linger; everything that must be on disk is there.
    Runtime.getRuntime().halt(exitCode);
  }

  /** Has patience with those who just look, and with a killed stack that is not quite gone. */
  private static Optional<HomeLock> acquire(FinksHome home)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + LOCK_PATIENCE.toNanos();
    while (true) {
      Optional<HomeLock> lock = HomeLock.tryAcquire(home);
      if (lock.isPresent() || System.nanoTime() > deadline) {
        return lock;
      }
      TimeUnit.MILLISECONDS.sleep(LOCK_POLL_MILLIS);
    }
  }

  private static int run(StackConfig config, CountDownLatch asked) throws IOException {
    Optional<StackRecord> before = StackRecord.read(config.home());
    if (before.isPresent()) {
      StackProcess.endLeftovers(before.get());
    }
    StackBoard board =
        new StackBoard(
            config.home(),
            StackRecord.starting(Instant.now().truncatedTo(ChronoUnit.MILLIS).toString()));
    try (EmbeddedStack stack = new EmbeddedStack(config, board)) {
      stack.start();
      board.enter(StackRecord.State.UP);
      asked.await();
      board.enter(StackRecord.State.STOPPING);
    } catch (Throwable e) {
      // The last place that can tell the home why the stack is gone, an Error included.
      LOG.error("stack ended: home={}", config.home(), e);
      board.fail(EmbeddedStack.reasonOf(e));
      return 1;
    }
    board.enter(StackRecord.State.DOWN);
    return 0;
  }

  private static void end(CountDownLatch asked, CountDownLatch ended) {
    asked.countDown();
    try {
      if (!ended.await(END_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("stack did not end in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void watchOwner(long pid, CountDownLatch asked) {
    Optional<ProcessHandle> owner = ProcessHandle.of(pid);
    ProcessIdentity identity = owner.map(ProcessIdentity::of).orElse(new ProcessIdentity(pid, 0));
    Thread watch =
        new Thread(
            () -> {
              try {
                while (identity.find("").isPresent()) {
                  TimeUnit.SECONDS.sleep(OWNER_POLL_SECONDS);
                }
                LOG.info("owner is gone, ending: pid={}", pid);
                System.exit(0);
              } catch (InterruptedException e) {
                asked.countDown();
              }
            },
            "owner-watch");
    watch.setDaemon(true);
    watch.start();
  }
}
