package ai.finks.schemas.value;

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

  /** Sets the offset that a zone has at the local time; false when the zone skips that time. */
  boolean setZone(ZoneId zone) {
    LocalDateTime local =
        LocalDateTime.of(LocalDate.ofEpochDay(epochDay), LocalTime.ofSecondOfDay(secondOfDay));
    List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
    if (offsets.isEmpty()) {
      return false;
    }
    // Of a time that comes twice the first.
    offsetSeconds = offsets.get(0).getTotalSeconds();
    return true;
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

  /**
   * Sets a cell to the instant. A local time that its zone skips is no instant; of one that comes
   * twice the first is taken.
   */
  @Nullable Flaw instant(@Nullable ZoneId zone, boolean dropNanos, Cell out) {
    if (epochDay < FIRST_DAY || epochDay > LAST_DAY) {
      return Flaw.OUT_OF_RANGE;
    }
    if (nanos % 1_000 != 0 && !dropNanos) {
      return Flaw.SCALE_EXCEEDED;
    }
    if (offsetSeconds == NO_OFFSET && (zone == null || !setZone(zone))) {
      return Flaw.UNPARSEABLE_DATE;
    }
    long seconds = epochDay * SECONDS_PER_DAY + secondOfDay - offsetSeconds;
    out.setNumber(seconds * MICROS_PER_SECOND + nanos / 1_000);
    return null;
  }
}
