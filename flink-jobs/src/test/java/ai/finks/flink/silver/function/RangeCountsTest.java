package ai.finks.flink.silver.function;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.flink.table.CountKind;
import ai.finks.flink.table.Counts;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RangeCountsTest {

  @Test
  void recordsSentAgainAreCountedApartAndEachKindBalances() {
    RangeCounts counts = new RangeCounts();
    counts.read();
    counts.silver(true);
    counts.read();
    counts.redriven();
    counts.silver(false);
    counts.silver(false);
    counts.read();
    counts.redriven();
    counts.duplicateSuperseded();
    counts.read();
    counts.quarantine();

    Counts taken = counts.take();

    assertThat(CountKind.LIVE.of(taken).asMap())
        .isEqualTo(Map.of("read", 2L, "silver", 1L, "warned", 1L, "quarantine", 1L));
    assertThat(CountKind.REDRIVEN.of(taken).asMap())
        .isEqualTo(
            Map.of(
                "read", 2L,
                "exploded", 1L,
                "silver", 2L,
                "duplicates", 1L,
                "duplicates_superseded", 1L));
    assertThat(counts.take()).isEqualTo(Counts.none());
  }
}
