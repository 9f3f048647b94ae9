package ai.finks.flink.silver.core;

import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.contract.FieldType;
import org.jspecify.annotations.Nullable;

/**
 * The year, month and day of an event time in the contract's zone, as the texts that Silver is
 * partitioned by. Texts are shared.
 */
final class PartitionDays {

  private static final int FIRST_YEAR = 1;
  private static final int LAST_YEAR = 9999;
  private static final int DAYS_PER_ERA = 146_097;
  private static final int DAYS_TO_1970 = 719_468;

  private final boolean isDate;
  private final LocalDays localDays;
  private final @Nullable String[] years = new String[LAST_YEAR + 1];
  private final String[] numbers = new String[32];

  PartitionDays(Contract contract) {
    this.isDate = contract.eventTime().type().kind() == FieldType.Kind.DATE;
    this.localDays = new LocalDays(contract.zone());
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (i < 10 ? "0" : "") + i;
    }
  }

  /** Sets the row's year, month and day; false when the year is not within 1 to 9999. */
  boolean set(long eventTime, SilverRow row) {
    long epochDay = isDate ? eventTime : localDays.of(eventTime);
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
}
