package ai.finks.stack.chaos;

import ai.finks.flink.table.StreamPartition;
import ai.finks.stack.lake.Lake;
import ai.finks.stack.lake.LakeProgress;
import ai.finks.stack.lake.TableSummary;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Records flowing while something is waited for, and the watch over the tables meanwhile. */
final class Flow {
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final Duration POLL = Duration.ofMillis(40);
  private static final int MOST_RECORDS = 4000;

  private final Traffic traffic;
  private final SentLog log;
  private final Lake lake;
  private final LiveJobs jobs;
  private final OffsetWatch watch;
  private final Map<StreamPartition, SentLog.Partition> partitions;
  private final Random random;

  Flow(
      Traffic traffic,
      SentLog log,
      Lake lake,
      LiveJobs jobs,
      OffsetWatch watch,
      Map<StreamPartition, SentLog.Partition> partitions,
      Random random) {
    this.traffic = traffic;
    this.log = log;
    this.lake = lake;
    this.jobs = jobs;
    this.watch = watch;
    this.partitions = partitions;
    this.random = random;
  }

  void send(int count) {
    traffic.send(count);
  }

  /**
   * Sends a few records again and again until something is so.
   *
   * @throws PlatformFailure if it does not come to that
   */
  void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (log.size() < MOST_RECORDS) {
        traffic.send(1 + random.nextInt(8));
      }
      pause(what, deadline);
    }
  }

  /**
   * Waits for something and sends nothing.
   *
   * @throws PlatformFailure if it does not come to that
   */
  void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      pause(what, deadline);
    }
  }

  /** Waits until all tables have all that was sent by now. */
  void caughtUp() {
    SortedMap<StreamPartition, Long> ends = ends();
    LakeProgress progress = new LakeProgress(lake);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!progress.behind(ends).isEmpty()) {
      jobs.status();
      pause("the tables, which are behind by " + progress.behind(ends), deadline);
    }
    look();
  }

  /** Remembers what the tables' snapshots say now. */
  void look() {
    for (TableSummary table : TableSummary.all(lake)) {
      watch.look(table.name(), table.table());
    }
  }

  private SortedMap<StreamPartition, Long> ends() {
    SortedMap<StreamPartition, Long> ends = new TreeMap<>();
    partitions.forEach((id, partition) -> ends.put(id, (long) log.of(partition).size()));
    return ends;
  }

  private static void pause(String what, long deadline) {
    if (System.nanoTime() > deadline) {
      throw new PlatformFailure("Waited " + PATIENCE.toSeconds() + " s in vain for " + what);
    }
    LockSupport.parkNanos(POLL.toNanos());
  }
}
