package ai.finks.bench.history;

import ai.finks.flink.table.CatalogConfig;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.RecordedOffsets;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Quotes that are offered to a live stack at a steady rate, by {@code ./finks produce}, and how
 * many of them Silver does not have yet. A record is due at its own moment, also when one before it
 * was late, so whatever cannot keep up is seen.
 */
final class LiveLoad implements AutoCloseable {
  private static final String ENTITY = "quotes";
  private static final int SYMBOLS = 8_000;
  private static final long POLL_MILLIS = 250;
  private static final long DRAIN_SECONDS = 120;

  private final int rate;
  private final Process produce;
  private final LakeCatalog catalog;
  private final Thread sender;
  private final Thread watcher;
  private final List<Sample> samples = Collections.synchronizedList(new ArrayList<>());
  private volatile long due;
  private volatile boolean stopped;

  /**
   * How far Silver was behind.
   *
   * @param nanos of {@link System#nanoTime}
   * @param offered records that were due by then
   * @param behind how many of them Silver had not committed
   */
  record Sample(long nanos, long offered, long behind) {}

  private LiveLoad(int rate, Process produce, LakeCatalog catalog) {
    this.rate = rate;
    this.produce = produce;
    this.catalog = catalog;
    this.sender = new Thread(this::send, "live-load");
    this.watcher = new Thread(this::watch, "live-lag");
  }

  /** Starts to send on a stack that has no quotes yet. */
  static LiveLoad start(Platform platform, int rate) throws IOException {
    Path catalogFile = platform.home().resolve("catalog").resolve("finks.db");
    LakeCatalog catalog =
        LakeCatalog.open(
            CatalogConfig.of(
                Map.of(
                    "catalog.uri",
                    "jdbc:sqlite:" + catalogFile + "?busy_timeout=60000&journal_mode=WAL"),
                platform.home().resolve("lake").toString()));
    LiveLoad load = new LiveLoad(rate, platform.launch("produce", "fmp." + ENTITY), catalog);
    load.sender.start();
    load.watcher.start();
    return load;
  }

  private void send() {
    long start = System.nanoTime();
    long firstSecond = Instant.now().getEpochSecond() - TimeUnit.DAYS.toSeconds(1);
    try (OutputStream lines = new BufferedOutputStream(produce.getOutputStream(), 1 << 16)) {
      for (long index = 0; !stopped; index++) {
        long at = start + index * TimeUnit.SECONDS.toNanos(1) / rate;
        if (at > System.nanoTime()) {
          lines.flush();
          LockSupport.parkNanos(Math.max(at - System.nanoTime(), 1_000_000));
        }
        lines.write(quote(index, firstSecond).getBytes(StandardCharsets.UTF_8));
        due = (System.nanoTime() - start) * rate / TimeUnit.SECONDS.toNanos(1);
      }
    } catch (IOException e) {
      throw new IllegalStateException("The stack takes no more quotes", e);
    }
  }

  private static String quote(long index, long firstSecond) {
    return "{\"symbol\":\"S"
        + index % SYMBOLS
        + "\",\"price\":"
        + (100 + index % 97)
        + ".25,\"volume\":"
        + index
        + ",\"timestamp\":"
        + (firstSecond + index / SYMBOLS)
        + "}\n";
  }

  private void watch() {
    while (!stopped) {
      long offered = due;
      samples.add(new Sample(System.nanoTime(), offered, offered - committed()));
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS));
    }
  }

  private long committed() {
    return RecordedOffsets.of(catalog.load(LakeTables.silver(ENTITY))).values().stream()
        .mapToLong(Long::longValue)
        .sum();
  }

  /** What was seen between two moments. */
  List<Sample> between(long fromNanos, long toNanos) {
    synchronized (samples) {
      return samples.stream()
          .filter(sample -> sample.nanos() >= fromNanos && sample.nanos() < toNanos)
          .toList();
    }
  }

  /** Stops sending and waits until Silver has all of it. */
  @Override
  public void close() throws IOException, InterruptedException {
    stopped = true;
    sender.join();
    watcher.join();
    try {
      if (!produce.waitFor(DRAIN_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("./finks produce does not end");
      }
    } finally {
      produce.destroyForcibly();
      catalog.close();
    }
  }
}
