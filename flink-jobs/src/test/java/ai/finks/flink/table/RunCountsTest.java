package ai.finks.flink.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunCountsTest {

  @Test
  void sumsByRunAndReadsAsJson() {
    RunCounts sum = RunCounts.of(Map.of("a", 2L, "b", 1L)).plus(RunCounts.of(Map.of("b", 4L)));

    assertThat(sum.toJson()).isEqualTo("{\"a\":2,\"b\":5}");
  }

  @Test
  void runsBeyondTheBoundAreOneAndNoRecordIsLost() {
    TreeMap<String, Long> many = new TreeMap<>();
    for (int run = 0; run < 250; run++) {
      many.put(String.format("run-%03d", run), 2L);
    }

    RunCounts counts = RunCounts.of(many).plus(RunCounts.of(many));

    assertThat(counts.records()).hasSize(RunCounts.MAX_RUNS + 1).containsEntry("run-000", 4L);
    assertThat(counts.records().values().stream().mapToLong(Long::longValue).sum()).isEqualTo(1000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"#", " ", "!run", "*", "**", "run"})
  void noIdOfARecordStopsTheCounting(String prefix) {
    TreeMap<String, Long> many = new TreeMap<>();
    for (int run = 0; run < 2 * RunCounts.MAX_RUNS; run++) {
      many.put(prefix + run, 1L);
    }
    many.put("", 1L);
    many.put("*", 1L);
    many.put("x".repeat(100_000), 1L);

    RunCounts counts = RunCounts.of(many).plus(RunCounts.of(Map.of("*", 5L)));

    assertThat(counts.records()).hasSize(RunCounts.MAX_RUNS + 1).containsKey(RunCounts.OTHERS);
    assertThat(counts.records().values().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(2 * RunCounts.MAX_RUNS + 8);
    assertThat(counts.toJson().length()).isLessThan(RunCounts.MAX_RUNS * 20);
  }
}
