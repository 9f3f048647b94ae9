package ai.finks.adapters.core;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/**
 * Calendar days from {@code from} to {@code to}, both included.
 *
 * @param from first day
 * @param to last day, not before the first
 */
public record DateRange(LocalDate from, LocalDate to) {

  public DateRange {
    if (to.isBefore(from)) {
      throw new IllegalArgumentException(
          "the range " + from + ".." + to + " ends before it begins");
    }
  }

  /** This range in consecutive pieces of {@code days} days each; the last one may be shorter. */
  public List<DateRange> chunks(int days) {
    if (days < 1) {
      throw new IllegalArgumentException("a chunk has at least one day: " + days);
    }
    List<DateRange> chunks = new ArrayList<>();
    for (LocalDate day = from; !day.isAfter(to); day = day.plusDays(days)) {
      LocalDate last = day.plusDays(days - 1L);
      chunks.add(new DateRange(day, last.isAfter(to) ? to : last));
    }
    return chunks;
  }

  @Override
  public String toString() {
    return from + ".." + to;
  }
}
