package ai.finks.flink.silver.core;

import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.contract.FieldType;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import org.jspecify.annotations.Nullable;

/**
 * The year, month and day of an event time in the contract's zone, as the texts that Silver is
 * partitioned by. Texts are shared, and the zone's offset is remembered between its transitions.
 */
final class PartitionDays {

  private static final int FIRST_YEAR = 1;
  private static final int LAST_YEAR = 9999;
  private static final long MICROS_PER_SECOND = 1_000_000L;
  private static final long SECONDS_PER_DAY = 86_400L;
  private static final int DAYS_PER_ERA = 146_097;
  private static final int DAYS_TO_1970 = 719_468;

  private final boolean isDate;
  private final ZoneRules rules;
  private final @Nullable String[] years = new String[LAST_YEAR + 1];
  private final String[] numbers = new String[32];

  private long offsetFrom = Long.MAX_VALUE;
  private long offsetUntil = Long.MIN_VALUE;
  private int offsetSeconds;

  PartitionDays(Contract contract) {
    this.isDate = contract.eventTime().type().kind() == FieldType.Kind.DATE;
    this.rules = contract.zone().getRules();
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (i < 10 ? "0" : "") + i;
    }
  }

  /** Sets the row's year, month and day; false when the year is not within 1 to 9999. */
  boolean set(long eventTime, SilverRow row) {
    long epochDay = isDate ? eventTime : localDay(Math.floorDiv(eventTime, MICROS_PER_SECOND));
    // Civil date from days, with years that begin in March so that the leap day comes last.
    long shifted = epochDay + DAYS_TO_1970;
    long era = Math.floorDiv(shifted, DAYS_PER_ERA);
    int dayOfEra = (int) Math.floorMod(shifted, (long) DAYS_PER_ERA);
    int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
    int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    int marchMonth = (5 * dayOfYear + 2) / 153;
    int day = dayOfYear - (153 * marchMonth + 2) / 5 + 1;
    int month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
    long year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
    if (year < FIRST_YEAR || year > LAST_YEAR) {
      return false;
    }
    row.setDay(year((int) year), numbers[month], numbers[day]);
    return true;
  }

  private String year(int year) {
    String text = years[year];
    if (text == null) {
      text = String.format("%04d", year);
      years[year] = text;
    }
    return text;
  }

  private long localDay(long second) {
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
