package ai.finks.flink.replay.io;

import ai.finks.flink.history.BoundedHistory;
import ai.finks.flink.history.HistoryJob;
import ai.finks.flink.history.HistoryOrigin;
import ai.finks.flink.history.HistoryRanges;
import ai.finks.flink.replay.Replay;
import ai.finks.flink.replay.core.Eta;
import ai.finks.flink.replay.core.ReplayPlan;
import ai.finks.flink.silver.io.Pipeline;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.OffsetRange;
import ai.finks.flink.table.StreamPartition;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Stages a replay by Flink jobs that run to their end here, one for each generation of streams: the
 * live job's pipeline, to the letter, over a part of the past.
 *
 * <pre>
 * stream or Bronze, from-to ─▶ refine (knowing what was known then) ─▶ write ─▶ one-commit
 *     ─▶ staging.&lt;id&gt;_quarantine, _marks, _accounting, _versions
 * </pre>
 *
 * Each checkpoint commits what it has read, so a killed run goes on from where its tables stand.
 */
public final class FlinkStaging implements Replay.Staging {
  private static final long SECONDS_BETWEEN_LINES = 2;

  private final HistoryOrigin origin;
  private final LakeCatalog catalog;
  private final Supplier<StreamExecutionEnvironment> environments;
  private final int parallelism;
  private final Consumer<String> progress;

  /**
   * @param origin that the plan names
   * @param environments where jobs run until they end when they are executed
   */
  public FlinkStaging(
      HistoryOrigin origin,
      LakeCatalog catalog,
      Supplier<StreamExecutionEnvironment> environments,
      int parallelism,
      Consumer<String> progress) {
    this.origin = origin;
    this.catalog = catalog;
    this.environments = environments;
    this.parallelism = parallelism;
    this.progress = progress;
  }

  @Override
  public void run(ReplayPlan plan, Pipeline staged, ReplayMemory refiner) throws Exception {
    StreamAges ages = new StreamAges(catalog.load(LakeTables.BRONZE_FILES));
    ReplayTables tables = new ReplayTables(catalog, plan.id());
    for (SortedSet<StreamPartition> turn : ages.inOrder(plan)) {
      TreeMap<StreamPartition, OffsetRange> ranges = new TreeMap<>(plan.offsets());
      ranges.keySet().retainAll(turn);
      HistoryRanges left = HistoryRanges.of(ranges).from(tables.recorded(plan));
      if (!left.isEmpty()) {
        stage(plan, tables, origin.read(left), staged, refiner.before(ages.after(turn)));
      }
    }
  }

  private void stage(
      ReplayPlan plan,
      ReplayTables tables,
      BoundedHistory history,
      Pipeline staged,
      ReplayMemory refiner)
      throws Exception {
    StreamExecutionEnvironment env = environments.get();
    HistoryJob.define(env, history, staged, refiner, parallelism);
    Eta eta = new Eta(plan.records(), tables.staged(plan), System.nanoTime());
    ScheduledExecutorService clock =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread thread = new Thread(work, "finks-replay-progress");
              thread.setDaemon(true);
              return thread;
            });
    try {
      clock.scheduleWithFixedDelay(
          () -> progress.accept("staged " + eta.line(tables.staged(plan), System.nanoTime())),
          SECONDS_BETWEEN_LINES,
          SECONDS_BETWEEN_LINES,
          TimeUnit.SECONDS);
      env.execute("finks-" + plan.id());
    } finally {
      clock.shutdownNow();
    }
    progress.accept("staged " + eta.line(tables.staged(plan), System.nanoTime()));
  }
}
