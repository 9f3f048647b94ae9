package ai.finks.stack.chaos;

import ai.finks.stack.Checkout;
import java.io.IOException;
import java.nio.file.Path;
import java.time.YearMonth;
import java.time.ZoneOffset;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Seeds of {@code ./finks chaos}.
 *
 * <p>{@code -Dchaos.seed=N} begins at another seed, {@code -Dchaos.count=N} takes more, {@code
 * -Dchaos.faults=N} has more faults in each, {@code -Dchaos.only=TEXT} only some.
 */
class ChaosTest {
  private static final long SEED = Long.getLong("chaos.seed", 1);
  private static final long COUNT = Long.getLong("chaos.count", 5);
  private static final int FAULTS = Integer.getInteger("chaos.faults", 3);
  private static final String ONLY = System.getProperty("chaos.only", "");

  @TempDir Path folder;

  @Test
  void invariantsHoldWhateverGoesWrong() throws Exception {
    SoftAssertions all = new SoftAssertions();
    try (Chaos chaos = open(folder)) {
      for (long seed = SEED; seed < SEED + COUNT; seed++) {
        run(chaos, seed, all);
      }
    }
    all.assertAll();
  }

  private static void run(Chaos chaos, long seed, SoftAssertions all) throws IOException {
    try {
      ChaosReport report = chaos.run(seed, FAULTS, ONLY);
      System.out.printf(
          "seed %d: %d records, %.1f s, %s%n",
          seed, report.records(), report.seconds(), report.holds() ? "holds" : "BROKEN");
      for (Verdict verdict : report.verdicts()) {
        all.assertThat(verdict.findings())
            .as("%s; %s; %s", report.repeat(), report.faults(), verdict.statement())
            .isEmpty();
      }
    } catch (PlatformFailure e) {
      System.out.printf("seed %d: FAILED, %s%n", seed, e.getMessage());
      all.fail("seed " + seed + " with " + FAULTS + " faults could not go on", e);
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
