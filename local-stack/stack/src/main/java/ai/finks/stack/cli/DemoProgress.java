package ai.finks.stack.cli;

import ai.finks.adapters.IngestListener;
import ai.finks.adapters.IngestProgress;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.lake.EntityCounts;
import ai.finks.stack.lake.Lake;
import ai.finks.stack.lake.LakeProgress;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Tells every two seconds how many records each stage has done, and how many per second. */
final class DemoProgress implements AutoCloseable {
  private static final long PAUSE_SECONDS = 2;

  private final FinksHome home;
  private final CommonOptions common;
  private final Map<String, AtomicLong> sent = new LinkedHashMap<>();
  private final Map<String, Long> before = new LinkedHashMap<>();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "demo-progress");
            thread.setDaemon(true);
            return thread;
          });
  private long toldNanos = System.nanoTime();

  DemoProgress(FinksHome home, List<String> names, CommonOptions common) {
    this.home = home;
    this.common = common;
    names.forEach(name -> sent.put(name, new AtomicLong()));
    if (!common.quiet()) {
      clock.scheduleWithFixedDelay(this::tell, PAUSE_SECONDS, PAUSE_SECONDS, TimeUnit.SECONDS);
    }
  }

  /** Hears how the run of that name goes. */
  IngestListener listener(String name) {
    AtomicLong records = sent.computeIfAbsent(name, unused -> new AtomicLong());
    return new IngestListener() {
      @Override
      public void progress(IngestProgress progress) {
        records.accumulateAndGet(progress.records(), Math::max);
      }
    };
  }

  private void tell() {
    long now = System.nanoTime();
    double seconds = (now - toldNanos) / 1e9;
    toldNanos = now;
    StringBuilder line = new StringBuilder();
    sent.forEach((name, records) -> append(line, name, records.get(), seconds));
    try (Lake lake = Lake.open(home)) {
      long silver =
          new LakeProgress(lake).counts().values().stream().mapToLong(EntityCounts::read).sum();
      append(line, "→ silver", silver, seconds);
    } catch (IOException | RuntimeException e) {
      // A progress line is not worth an error; the wait that follows finds every real one.
    }
    common.progress(line.toString());
  }

  private void append(StringBuilder line, String name, long records, double seconds) {
    Long last = before.put(name, records);
    long fresh = last == null ? records : records - last;
    line.append(String.format("  %s %,d (%,.0f/s)", name, records, fresh / seconds));
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
