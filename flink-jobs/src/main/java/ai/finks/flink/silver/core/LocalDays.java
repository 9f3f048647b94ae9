package ai.finks.flink.silver.core;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/** The days of instants in a zone, whose offset is remembered between its transitions. */
final class LocalDays {

  private static final long MICROS_PER_SECOND = 1_000_000L;
  private static final long SECONDS_PER_DAY = 86_400L;

  private final ZoneRules rules;
  private long offsetFrom = Long.MAX_VALUE;
  private long offsetUntil = Long.MIN_VALUE;
  private int offsetSeconds;

  LocalDays(ZoneId zone) {
    this.rules = zone.getRules();
  }

  /** The day, counted from 1970, of an instant in microseconds. */
  long of(long micros) {
    long second = Math.floorDiv(micros, MICROS_PER_SECOND);
    if (second < offsetFrom || second >= offsetUntil) {
      rememberOffset(second);
    }
    return Math.floorDiv(second + offsetSeconds, SECONDS_PER_DAY);
  }

  private void rememberOffset(long second) {
    Instant instant = Instant.ofEpochSecond(second);
    ZoneOffset offset = rules.getOffset(instant);
    offsetSeconds = offset.getTotalSeconds();
    // previousTransition looks strictly before its argument, hence the second more.
    ZoneOffsetTransition previous = rules.previousTransition(instant.plusSeconds(1));
    ZoneOffsetTransition next = rules.nextTransition(instant);
    offsetFrom = previous == null ? Long.MIN_VALUE : previous.toEpochSecond();
    offsetUntil = next == null ? Long.MAX_VALUE : next.toEpochSecond();
  }
}
