package ai.finks.flink.silver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random histories of the silver job's operators against a model that knows nothing of kills.
 *
 * <p>{@code -Dhistories.seed=N} begins at another seed, {@code -Dhistories.count=N} takes more.
 */
class CoreHistoriesTest {
  private static final long SEED = Long.getLong("histories.seed", 1);
  private static final long COUNT = Long.getLong("histories.count", 500);

  @Test
  void tablesHoldWhatWasSentWhateverHappened() {
    List<String> failed =
        LongStream.range(SEED, SEED + COUNT)
            .parallel()
            .mapToObj(CoreHistoriesTest::failure)
            .filter(Objects::nonNull)
            .limit(3)
            .collect(Collectors.toList());

    assertThat(failed).isEmpty();
  }

  /** Else a seed that fails could not be looked at. */
  @Test
  void seedLivesTheSameHistoryAgain() throws Exception {
    for (long seed = SEED; seed < SEED + 5; seed++) {
      assertThat(steps(seed)).as("seed %s", seed).isEqualTo(steps(seed));
    }
  }

  private static List<String> steps(long seed) throws Exception {
    try (CoreHistory history = new CoreHistory(seed)) {
      history.live();
      return history.steps();
    }
  }

  private static @Nullable String failure(long seed) {
    WithoutHadoopDefaults.inThisThread();
    CoreHistory history = new CoreHistory(seed);
    try (history) {
      history.live();
      return null;
    } catch (Exception | AssertionError e) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      return "Seed "
          + seed
          + " fails; repeat it with -Dtest=CoreHistoriesTest -Dhistories.count=1 -Dhistories.seed="
          + seed
          + "\nafter "
          + history.steps()
          + "\n"
          + trace;
    }
  }
}
