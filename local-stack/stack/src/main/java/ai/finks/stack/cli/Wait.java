package ai.finks.stack.cli;

import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.StreamPartition;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.home.StackRecord;
import ai.finks.stack.lake.LakeProgress;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** One wait for the tables to hold the streams up to given ends. */
final class Wait {
  private static final long MIN_POLL_MILLIS = 250;
  private static final long MAX_POLL_MILLIS = 1_000;
  private static final long RECORDS_PER_POLL_MILLI = 200;
  private static final long TELL_MILLIS = 2_000;

  private final FinksHome home;
  private final StackRecord record;
  private final LakeProgress progress;
  private final Map<StreamPartition, Long> ends;
  private final Duration timeout;

  Wait(
      FinksHome home,
      StackRecord record,
      LakeProgress progress,
      Map<StreamPartition, Long> ends,
      Duration timeout) {
    this.home = home;
    this.record = record;
    this.progress = progress;
    this.ends = ends;
    this.timeout = timeout;
  }

  void run(Consumer<String> tell) throws InterruptedException {
    long started = System.nanoTime();
    long told = started;
    while (true) {
      RunningStack.requireLife(home, record);
      SortedMap<String, Long> behind = progress.behind(ends);
      if (behind.isEmpty()) {
        return;
      }
      long now = System.nanoTime();
      if (now - started > timeout.toNanos()) {
        throw CommandFailure.platform(
            "Not everything was committed within "
                + timeout
                + "; records to go: "
                + byEntity(behind)
                + "; see ./finks status and ./finks logs");
      }
      if (now - told > TimeUnit.MILLISECONDS.toNanos(TELL_MILLIS)) {
        told = now;
        tell.accept("  records to go: " + byEntity(behind));
      }
      TimeUnit.MILLISECONDS.sleep(pauseMillis(behind));
    }
  }

  /** Looking costs the time of the jobs that are waited for: far from the end it can wait. */
  private static long pauseMillis(SortedMap<String, Long> behind) {
    long records = Collections.max(behind.values());
    return Math.max(MIN_POLL_MILLIS, Math.min(MAX_POLL_MILLIS, records / RECORDS_PER_POLL_MILLI));
  }

  /** The tables of an entity go together, so the one farthest behind says how far the entity is. */
  private static String byEntity(Map<String, Long> behind) {
    Map<String, Long> entities = new TreeMap<>();
    behind.forEach(
        (table, records) -> {
          if (!table.equals(LakeTables.ACCOUNTING.toString())) {
            entities.merge(label(table), records, Math::max);
          }
        });
    return entities.isEmpty()
        ? "none, but their accounting"
        : entities.entrySet().stream()
            .map(entry -> String.format("%s %,d", entry.getKey(), entry.getValue()))
            .collect(Collectors.joining(", "));
  }

  private static String label(String table) {
    if (table.equals(LakeTables.BRONZE_FILES.toString())) {
      return "bronze";
    }
    String name = table.substring(table.indexOf('.') + 1);
    return name.endsWith("_versions")
        ? name.substring(0, name.length() - "_versions".length())
        : name;
  }
}
