package ai.finks.stack.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.stack.Checkout;
import ai.finks.stack.home.FinksHome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NightlyUpkeepTest {
  private static final LocalTime AT = LocalTime.of(4, 30);

  @TempDir Path folder;

  @Test
  void stepsAreCommandsOfTheHome() throws Exception {
    FinksHome home = FinksHome.at(folder);
    try (NightlyUpkeep upkeep = NightlyUpkeep.start(Checkout.root(), home, AT)) {
      for (List<String> step : NightlyUpkeep.STEPS) {
        int exitCode = upkeep.run(step);

        assertThat(exitCode).as("there is nothing to do yet").isEqualTo(2);
      }
    }
    assertThat(Files.readAllLines(home.logs().resolve("nightly.log")))
        .hasSize(NightlyUpkeep.STEPS.size())
        .allMatch(line -> line.contains("There is no lake in " + home));
  }

  @Test
  void nextTimeIsTodayOrTomorrow() {
    assertThat(NightlyUpkeep.untilNext(AT, Instant.parse("2026-01-05T04:29:00Z")))
        .isEqualTo(Duration.ofMinutes(1));
    assertThat(NightlyUpkeep.untilNext(AT, Instant.parse("2026-01-05T04:30:00Z")))
        .isEqualTo(Duration.ofDays(1));
    assertThat(NightlyUpkeep.untilNext(AT, Instant.parse("2026-01-05T05:00:00Z")))
        .isEqualTo(Duration.ofHours(23).plusMinutes(30));
  }
}
