package ai.finks.stack.chaos;

import ai.finks.flink.table.StreamPartition;
import ai.finks.stack.lake.Lake;
import ai.finks.stack.lake.LakeProgress;
import ai.finks.stack.lake.TableSummary;
import java.time.Duration;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Records flowing while something is waited for, and the watch over the tables meanwhile. */
final class Flow {
  private static final Duration PATIENCE = Duration.ofSeconds(300);
  private static final Duration POLL = Duration.ofMillis(40);

  private final Traffic traffic;
  private final Lake lake;
  private final LiveJobs jobs;
  private final OffsetWatch watch;
  private final Map<StreamPartition, SentLog.Partition> partitions;

  Flow(
      Traffic traffic,
      Lake lake,
      LiveJobs jobs,
      OffsetWatch watch,
      Map<StreamPartition, SentLog.Partition> partitions) {
    this.traffic = traffic;
    this.lake = lake;
    this.jobs = jobs;
    this.watch = watch;
    this.partitions = partitions;
  }

  void send(int count) {
    traffic.send(count);
  }

  /** Sends no news of these months from now on. */
  void spare(List<YearMonth> months) {
    traffic.spare(months);
  }

  /**
   * Sends a few records again and again until something is so.
   *
   * @throws PlatformFailure if it does not come to that
   */
  void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      traffic.trickle();
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
    partitions.forEach((id, partition) -> ends.put(id, (long) traffic.log().of(partition).size()));
    return ends;
  }

  private static void pause(String what, long deadline) {
    if (System.nanoTime() > deadline) {
      throw new PlatformFailure("Waited " + PATIENCE.toSeconds() + " s in vain for " + what);
    }
    LockSupport.parkNanos(POLL.toNanos());
  }
}
