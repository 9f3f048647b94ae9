package ai.finks.flink.silver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random lives of a table that is written, sealed, harmed and replayed, with kills and faults. More
 * of them: {@code -Dreplay-histories.seed=1000 -Dreplay-histories.count=2000}.
 */
class ReplayHistoriesTest {
  private static final long SEED = Long.getLong("replay-histories.seed", 1);
  private static final long COUNT = Long.getLong("replay-histories.count", 6);

  @TempDir Path scratch;

  @Test
  void whateverWasHarmedAReplayGivesWhatWasSent() {
    List<String> failed =
        LongStream.range(SEED, SEED + COUNT)
            .parallel()
            .mapToObj(this::failure)
            .filter(Objects::nonNull)
            .limit(3)
            .collect(Collectors.toList());

    assertThat(failed).isEmpty();
  }

  private @Nullable String failure(long seed) {
    WithoutHadoopDefaults.inThisThread();
    ReplayHistory history = new ReplayHistory(seed, scratch);
    try {
      history.live();
      return null;
    } catch (Exception | AssertionError e) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      return "Seed "
          + seed
          + " fails; repeat it with -Dtest=ReplayHistoriesTest -Dreplay-histories.count=1"
          + " -Dreplay-histories.seed="
          + seed
          + "\nafter "
          + history.steps()
          + "\n"
          + trace;
    }
  }
}
