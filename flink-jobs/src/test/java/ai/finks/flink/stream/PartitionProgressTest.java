package ai.finks.flink.stream;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.flink.table.Counts;
import ai.finks.flink.table.OffsetRange;
import ai.finks.flink.table.StreamPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PartitionProgressTest {
  private static final StreamPartition PARTITION = StreamPartition.of("topic", "id", 0);

  @Test
  void offsetsThatEveryTableHasLieBehind() {
    PartitionProgress progress = new PartitionProgress(PARTITION, 10, List.of(10L, 20L));

    assertThat(progress.isBehind(9)).isTrue();
    assertThat(progress.isBehind(10)).isFalse();
    assertThat(progress.hasRange()).isFalse();
  }

  @Test
  void rangeIsCutWhereATableStands() {
    PartitionProgress progress = new PartitionProgress(PARTITION, 10, List.of(10L, 12L, 12L));
    progress.handled(10);
    progress.handled(11);

    assertThat(progress.isCutBefore(11)).isFalse();
    assertThat(progress.isCutBefore(12)).isTrue();
    assertThat(progress.takeRangeToCut(Counts.none()).range())
        .isEqualTo(OffsetRange.of(10, 12, Counts.none()));
    assertThat(progress.isCutBefore(12)).isFalse();
  }

  /** Logs have holes; ranges have none, and never run across a place where a table stands. */
  @Property(tries = 1000)
  void rangesMeetAndRespectCuts(@ForAll long seed) {
    Random random = new Random(seed);
    List<Long> recorded = List.of((long) random.nextInt(50), (long) random.nextInt(50));
    long start = Math.min(recorded.get(0), recorded.get(1));
    PartitionProgress progress = new PartitionProgress(PARTITION, start, recorded);
    List<OffsetRange> ranges = new ArrayList<>();

    for (long offset : offsets(random)) {
      if (progress.isBehind(offset)) {
        continue;
      }
      while (progress.isCutBefore(offset)) {
        ranges.add(progress.takeRangeToCut(Counts.none()).range());
      }
      progress.handled(offset);
      if (random.nextInt(5) == 0) {
        ranges.add(progress.takeRange(Counts.none()).range());
      }
    }

    long expected = start;
    for (OffsetRange range : ranges) {
      assertThat(range.start()).isEqualTo(expected);
      assertThat(range.isEmpty()).isFalse();
      assertThat(recorded).noneMatch(r -> range.start() < r && r < range.end());
      expected = range.end();
    }
  }

  private static TreeSet<Long> offsets(Random random) {
    TreeSet<Long> offsets = new TreeSet<>();
    for (int i = 0; i < 60; i++) {
      offsets.add((long) random.nextInt(100));
    }
    return offsets;
  }
}
