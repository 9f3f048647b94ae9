package ai.finks.flink.silver.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PartitionDaysTest {

  private static final List<String> ZONES =
      List.of("UTC", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "+05:30");

  @Property(tries = 500)
  void instantFallsIntoTheDayOfItsZone(
      @ForAll @IntRange(max = 4) int zone,
      @ForAll @Size(min = 1, max = 20)
          List<@LongRange(min = -60_000_000_000L, max = 253_000_000_000L) Long> seconds) {
    ZoneId zoneId = ZoneId.of(ZONES.get(zone));
    PartitionDays days =
        new PartitionDays(new SilverFixture().eventTime("at", zoneId.getId()).contract());
    SilverRow row = new SilverRow(List.of());

    for (long second : seconds) {
      assertThat(days.set(second * 1_000_000 + 999_999, row)).isTrue();
      assertDay(row, Instant.ofEpochSecond(second).atZone(zoneId).toLocalDate());
    }
  }

  @Property(tries = 1_000)
  void dateIsItsOwnDay(@ForAll @IntRange(min = -719_162, max = 2_932_896) int epochDay) {
    SilverRow row = new SilverRow(List.of());

    assertThat(ofDates().set(epochDay, row)).isTrue();
    assertDay(row, LocalDate.ofEpochDay(epochDay));
  }

  @Test
  void yearsBeyondFourDigitsAreRefused() {
    SilverRow row = new SilverRow(List.of());

    assertThat(ofDates().set(LocalDate.of(10_000, 1, 1).toEpochDay(), row)).isFalse();
    assertThat(ofDates().set(LocalDate.of(0, 12, 31).toEpochDay(), row)).isFalse();
  }

  private static PartitionDays ofDates() {
    return new PartitionDays(
        new SilverFixture()
            .field("trade_day", "{\"type\": \"int\", \"logicalType\": \"date\"}", "")
            .eventTime("trade_day", "America/New_York")
            .contract());
  }

  private static void assertDay(SilverRow row, LocalDate day) {
    assertThat(row.year() + "-" + row.month() + "-" + row.day()).isEqualTo(day.toString());
  }
}
