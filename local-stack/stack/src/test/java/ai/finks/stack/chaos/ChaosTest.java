package ai.finks.stack.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.stack.Checkout;
import java.io.IOException;
import java.nio.file.Path;
import java.time.YearMonth;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Seeds of {@code ./finks chaos}.
 *
 * <p>{@code -Dchaos.seed=N} begins at another seed, {@code -Dchaos.count=N} takes more, {@code
 * -Dchaos.faults=N} has more faults in each.
 */
class ChaosTest {
  private static final long SEED = Long.getLong("chaos.seed", 1);
  private static final long COUNT = Long.getLong("chaos.count", 5);
  private static final int FAULTS = Integer.getInteger("chaos.faults", 3);

  @TempDir Path folder;

  @Test
  void invariantsHoldWhateverGoesWrong() throws Exception {
    try (Chaos chaos = open(folder)) {
      for (long seed = SEED; seed < SEED + COUNT; seed++) {
        ChaosReport report = chaos.run(seed, FAULTS);
        System.out.printf(
            "seed %d: %d records, %.1f s%n", seed, report.records(), report.seconds());
        assertThat(report.verdicts())
            .as("%s; %s", report.repeat(), report.faults())
            .allSatisfy(
                verdict -> assertThat(verdict.findings()).as(verdict.statement()).isEmpty());
      }
    }
  }

  static Chaos open(Path folder) throws IOException {
    return new Chaos(
        Checkout.root().resolve("schemas"),
        folder,
        Path.of("target", "chaos-classes").toAbsolutePath(),
        YearMonth.now(ZoneOffset.UTC),
        System.out::println);
  }
}
