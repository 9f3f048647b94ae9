package ai.finks.stack.cli;

import ai.finks.adapters.IngestListener;
import ai.finks.adapters.IngestProgress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Tells how a run goes: its id first, then a line now and then. */
final class IngestProgressLines implements IngestListener {
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final String name;
  private final Consumer<String> begin;
  private final Consumer<String> tell;
  private final long startedNanos = System.nanoTime();
  private final AtomicLong toldNanos = new AtomicLong(startedNanos);

  /**
   * @param name what is ingested, for people
   * @param begin hears the first line, which names the run
   * @param tell hears the others
   */
  IngestProgressLines(String name, Consumer<String> begin, Consumer<String> tell) {
    this.name = name;
    this.begin = begin;
    this.tell = tell;
  }

  @Override
  public void started(String runId, boolean resumed, String origin) {
    begin.accept(
        String.format(
            "run %s %s: %s from %s",
            runId, resumed ? "resumes" : "starts", name, describe(origin)));
  }

  /** Nobody shall mistake simulated answers for those of the service. */
  private String describe(String origin) {
    if (!name.startsWith("fmp.")) {
      return origin;
    }
    return origin.startsWith("http://127.0.0.1:")
        ? "the FMP simulator at " + origin
        : "the real FMP at " + origin;
  }

  @Override
  public void progress(IngestProgress progress) {
    long now = System.nanoTime();
    long told = toldNanos.get();
    if (now - told < PAUSE_NANOS || !toldNanos.compareAndSet(told, now)) {
      return;
    }
    tell.accept(
        String.format(
            "  %s: %d of %d parts, %,d records, %,.0f records/s",
            name,
            progress.unitsDone(),
            progress.units(),
            progress.records(),
            progress.records() / ((now - startedNanos) / 1e9)));
  }

  @Override
  public void note(String text) {
    tell.accept("  " + name + ": " + text);
  }
}
