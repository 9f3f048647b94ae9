package ai.finks.schemas.value;

import ai.finks.schemas.binding.LocalTimes;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A date, with or without a time, as it was parsed, on its way to a day or an instant. Years run
 * from 1 to 9999.
 */
final class Moment {

  static final long MICROS_PER_SECOND = 1_000_000L;
  static final long SECONDS_PER_DAY = 86_400L;
  private static final long FIRST_DAY = LocalDate.of(1, 1, 1).toEpochDay();
  private static final long LAST_DAY = LocalDate.of(9999, 12, 31).toEpochDay();
  private static final int NO_OFFSET = Integer.MIN_VALUE;

  private long epochDay;
  private int secondOfDay;
  private int nanos;
  private int offsetSeconds;

  void setLocal(long day, int second, int nanoOfSecond) {
    epochDay = day;
    secondOfDay = second;
    nanos = nanoOfSecond;
    offsetSeconds = NO_OFFSET;
  }

  void setOffset(int seconds) {
    offsetSeconds = seconds;
  }

  /**
   * Sets the offset that a zone has at the local time.
   *
   * @return what is wrong with the local time there, or null
   */
  @Nullable Flaw setZone(ZoneId zone, LocalTimes rules) {
    LocalDateTime local =
        LocalDateTime.of(LocalDate.ofEpochDay(epochDay), LocalTime.ofSecondOfDay(secondOfDay));
    List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
    if (offsets.isEmpty()) {
      if (rules.gap() == LocalTimes.Gap.REFUSE) {
        return Flaw.LOCAL_TIME_INVALID;
      }
      // By the clock that was not put forward yet, which is later by the gap on the new one.
      offsetSeconds = zone.getRules().getTransition(local).getOffsetBefore().getTotalSeconds();
      return null;
    }
    if (offsets.size() > 1 && rules.overlap() == LocalTimes.Overlap.REFUSE) {
      return Flaw.LOCAL_TIME_INVALID;
    }
    boolean later = offsets.size() > 1 && rules.overlap() == LocalTimes.Overlap.LATER;
    offsetSeconds = offsets.get(later ? 1 : 0).getTotalSeconds();
    return null;
  }

  void setEpoch(long seconds, int nanoOfSecond) {
    setLocal(
        Math.floorDiv(seconds, SECONDS_PER_DAY),
        (int) Math.floorMod(seconds, SECONDS_PER_DAY),
        nanoOfSecond);
    offsetSeconds = 0;
  }

  /**
   * Sets a cell to the day: in a zone where the instant is known and a zone is given, else as
   * written.
   */
  @Nullable Flaw day(@Nullable ZoneId zone, Cell out) {
    long day = epochDay;
    if (offsetSeconds != NO_OFFSET && zone != null) {
      long seconds = day * SECONDS_PER_DAY + secondOfDay - offsetSeconds;
      int offset = zone.getRules().getOffset(Instant.ofEpochSecond(seconds)).getTotalSeconds();
      day = Math.floorDiv(seconds + offset, SECONDS_PER_DAY);
    }
    if (day < FIRST_DAY || day > LAST_DAY) {
      return Flaw.OUT_OF_RANGE;
    }
    out.setNumber(day);
    return null;
  }

  /** Sets a cell to the instant, by the zone's rules where no offset is known. */
  @Nullable Flaw instant(LocalTimes rules, boolean dropNanos, Cell out) {
    if (epochDay < FIRST_DAY || epochDay > LAST_DAY) {
      return Flaw.OUT_OF_RANGE;
    }
    if (nanos % 1_000 != 0 && !dropNanos) {
      return Flaw.SCALE_EXCEEDED;
    }
    if (offsetSeconds == NO_OFFSET) {
      ZoneId zone = rules.zone().orElse(null);
      Flaw flaw = zone == null ? Flaw.UNPARSEABLE_DATE : setZone(zone, rules);
      if (flaw != null) {
        return flaw;
      }
    }
    long seconds = epochDay * SECONDS_PER_DAY + secondOfDay - offsetSeconds;
    out.setNumber(seconds * MICROS_PER_SECOND + nanos / 1_000);
    return null;
  }
}
