package ai.finks.stack.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import org.junit.jupiter.api.Test;

class NightlyUpkeepTest {
  private static final LocalTime AT = LocalTime.of(4, 30);

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
