package ai.finks.adapters.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DateRangeTest {

  @Property
  void chunksCoverEveryDayOnce(
      @ForAll @IntRange(min = 0, max = 4000) int days,
      @ForAll @IntRange(min = 1, max = 900) int size) {
    LocalDate from = LocalDate.of(2016, 2, 27);
    DateRange range = new DateRange(from, from.plusDays(days));

    List<DateRange> chunks = range.chunks(size);

    LocalDate next = from;
    for (DateRange chunk : chunks) {
      assertThat(chunk.from()).isEqualTo(next);
      assertThat(chunk.from().plusDays(size - 1L)).isAfterOrEqualTo(chunk.to());
      next = chunk.to().plusDays(1);
    }
    assertThat(next).isEqualTo(range.to().plusDays(1));
  }

  @Test
  void aRangeThatEndsBeforeItBeginsIsRefused() {
    assertThatThrownBy(() -> new DateRange(LocalDate.EPOCH, LocalDate.EPOCH.minusDays(1)))
        .hasMessageContaining("1970-01-01..1969-12-31");
  }
}
