package ai.finks.flink.silver;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.flink.replay.ReplayResult;
import ai.finks.flink.replay.core.ReplayPlan;
import ai.finks.flink.replay.core.ReplayRange;
import ai.finks.flink.table.Counts;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.OffsetRange;
import ai.finks.flink.table.StagedTables;
import ai.finks.flink.table.StreamPartition;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.flink.table.data.DecimalData;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.ValidationException;

/**
 * One random life: a live job writes, periods are sealed and harmed, ranges are replayed while the
 * job goes on, the staging job is killed, the catalog fails. In the end all is sealed and replayed
 * once, and the table holds what was sent; once more, and nothing changes.
 */
final class ReplayHistory {
  private static final int ATTEMPTS = 20;

  private final Random random;
  private final Path scratch;
  private final long seed;
  private final List<String> steps = new ArrayList<>();
  private int replays;

  ReplayHistory(long seed, Path scratch) {
    this.seed = seed;
    this.random = new Random(seed);
    this.scratch = scratch;
  }

  List<String> steps() {
    return steps;
  }

  void live() throws Exception {
    try (ReplayBed bed = new ReplayBed(random, scratch)) {
      write(bed);
      for (int step = 4 + random.nextInt(6); step > 0; step--) {
        step(bed);
      }
      settle(bed);
    }
  }

  private void step(ReplayBed bed) throws Exception {
    switch (random.nextInt(6)) {
      case 0:
        write(bed);
        break;
      case 1:
        steps.add("seal");
        bed.seal(null);
        break;
      case 2:
        steps.add("restart");
        bed.restartLive();
        break;
      case 3:
        harm(bed);
        break;
      default:
        replay(bed, range(bed));
    }
  }

  private void write(ReplayBed bed) throws Exception {
    int count = 5 + random.nextInt(30);
    steps.add("write " + count);
    for (int i = 0; i < count; i++) {
      switch (random.nextInt(8)) {
        case 0:
          bed.log.duplicate();
          break;
        case 1:
        case 2:
          bed.log.restate();
          break;
        case 3:
          bed.log.corrupt();
          break;
        default:
          bed.log.send();
      }
    }
    bed.commitAll();
  }

  private void harm(ReplayBed bed) throws Exception {
    if (bed.sealed().isEmpty()) {
      return;
    }
    List<String> sealed = new ArrayList<>(bed.sealed());
    String period = sealed.get(random.nextInt(sealed.size()));
    int amount = ReplayBed.column(bed.silver(), "amount");
    boolean takesAway = random.nextBoolean();
    steps.add((takesAway ? "lose rows of " : "alter rows of ") + period);
    bed.harm(
        period,
        row -> {
          if (random.nextInt(3) > 0) {
            return row;
          }
          if (takesAway) {
            return null;
          }
          row.setField(amount, DecimalData.fromUnscaledLong(random.nextInt(100), 18, 2));
          return row;
        });
  }

  private ReplayPlan range(ReplayBed bed) {
    String id = "replay-" + seed + "-" + ++replays;
    ReplayPlan all = bed.plan(id, ReplayRange.ofOffsets());
    switch (random.nextInt(3)) {
      case 0:
        LocalDate month = LocalDate.of(2025, 1 + random.nextInt(3), 1);
        return bed.plan(
            id, ReplayRange.of(ReplayRange.By.EVENT, micros(month), micros(month.plusMonths(1))));
      case 1:
        TreeMap<StreamPartition, OffsetRange> part = new TreeMap<>();
        all.offsets()
            .forEach(
                (partition, range) -> {
                  long from = (long) (random.nextDouble() * range.end());
                  long to = from + (long) (random.nextDouble() * (range.end() - from));
                  part.put(partition, OffsetRange.of(from, to, Counts.none()));
                });
        return bed.plan(id, ReplayRange.ofOffsets(), part);
      default:
        return all;
    }
  }

  private static long micros(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toEpochSecond() * 1_000_000L;
  }

  /** Until it ends by itself; what it asks for is done. */
  private ReplayResult replay(ReplayBed bed, ReplayPlan plan) throws Exception {
    steps.add("replay " + plan.id() + " " + plan.ranges() + " " + plan.range().by());
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      disturb(bed);
      try {
        ReplayResult result = bed.replay(plan, true);
        bed.lake().inject(LakeTables.silver(HistoryRecords.ENTITY), null);
        if (result.state() != ReplayResult.State.STOPPED) {
          return result;
        }
        steps.add("seal as asked for: " + result.objection().orElseThrow());
        bed.seal(null);
      } catch (CoreHistory.InjectedFault | CommitStateUnknownException | ValidationException e) {
        steps.add("again after " + e.getMessage());
        bed.lake().inject(LakeTables.silver(HistoryRecords.ENTITY), null);
      }
    }
    throw new AssertionError("The replay does not end");
  }

  private void disturb(ReplayBed bed) {
    switch (random.nextInt(6)) {
      case 0:
        bed.dieAfter(random.nextInt(40));
        break;
      case 1:
        bed.meanwhile(
            () -> {
              try {
                write(bed);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
        break;
      case 2:
        bed.meanwhile(() -> bed.seal(null));
        break;
      case 3:
        AtomicInteger left = new AtomicInteger(random.nextInt(3));
        int kind = random.nextInt(3);
        steps.add("fault " + kind);
        bed.lake()
            .inject(
                LakeTables.silver(HistoryRecords.ENTITY),
                swap -> {
                  if (left.getAndDecrement() != 0) {
                    swap.run();
                  } else if (kind == 0) {
                    swap.run();
                    throw new CommitStateUnknownException(
                        new CoreHistory.InjectedFault("answer lost"));
                  } else if (kind == 1) {
                    throw new CommitFailedException("injected: conflict");
                  } else {
                    throw new CoreHistory.InjectedFault("unreachable");
                  }
                });
        break;
      default:
        // Nothing disturbs it.
    }
  }

  private void settle(ReplayBed bed) throws Exception {
    steps.add("settle");
    bed.dieAfter(Integer.MAX_VALUE);
    bed.meanwhile(() -> {});
    bed.commitAll();
    bed.seal(null);
    ReplayResult last =
        bed.replay(bed.plan("replay-" + seed + "-last", ReplayRange.ofOffsets()), true);
    assertThat(last.state()).isNotEqualTo(ReplayResult.State.STOPPED);
    assertThat(HistoryTables.newest(bed.rows())).isEqualTo(bed.log.expected().newest);
    assertThat(bed.rows().stream().map(HistoryTables::content).collect(Collectors.toList()))
        .containsExactlyInAnyOrderElementsOf(contents(bed));
    Snapshot before = bed.snapshot();
    ReplayResult again =
        bed.replay(bed.plan("replay-" + seed + "-again", ReplayRange.ofOffsets()), false);
    assertThat(again.state()).isEqualTo(ReplayResult.State.UNCHANGED);
    assertThat(bed.snapshot()).isEqualTo(before);
    assertThat(bed.lake().catalog().tables(StagedTables.STAGING)).isEmpty();
  }

  private static List<String> contents(ReplayBed bed) {
    List<String> contents = new ArrayList<>();
    bed.log.expected().rows.forEach(row -> contents.add(row.split("/", 3)[2]));
    return contents;
  }
}
