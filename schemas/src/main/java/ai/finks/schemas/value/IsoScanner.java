package ai.finks.schemas.value;

/**
 * Reads ISO 8601 dates ({@code yyyy-MM-dd}) and date-times ({@code yyyy-MM-ddTHH:mm[:ss[.f]]} with
 * or without {@code Z}, {@code ±HH:mm}, {@code ±HHmm} or {@code ±HH}; a space may stand for the T).
 */
final class IsoScanner {

  private static final int[] DAYS = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

  private byte[] in = {};
  private int position;
  private int end;

  /** Whether ASCII bytes are exactly a date, which is then in the moment. */
  boolean date(byte[] ascii, int offset, int length, Moment out) {
    start(ascii, offset, length);
    return length == 10 && datePart(out);
  }

  /** Whether ASCII bytes are exactly a date-time, which is then in the moment. */
  boolean dateTime(byte[] ascii, int offset, int length, Moment out) {
    start(ascii, offset, length);
    long day = length < 16 ? INVALID : day();
    if (day == INVALID || (!take('T') && !take(' '))) {
      return false;
    }
    int hour = number(2, 23);
    if (hour < 0 || !take(':')) {
      return false;
    }
    int minute = number(2, 59);
    int second = 0;
    int nanos = 0;
    if (minute >= 0 && take(':')) {
      second = number(2, 59);
      if (second >= 0 && take('.')) {
        nanos = fraction();
      }
    }
    if (minute < 0 || second < 0 || nanos < 0) {
      return false;
    }
    out.setLocal(day, hour * 3600 + minute * 60 + second, nanos);
    return position == end || offset(out);
  }

  private void start(byte[] ascii, int offset, int length) {
    in = ascii;
    position = offset;
    end = offset + length;
  }

  private boolean datePart(Moment out) {
    long day = day();
    if (day == INVALID) {
      return false;
    }
    out.setLocal(day, 0, 0);
    return position == end;
  }

  private static final long INVALID = Long.MIN_VALUE;

  private long day() {
    int year = number(4, 9999);
    if (year < 0 || !take('-')) {
      return INVALID;
    }
    int month = number(2, 12);
    if (month < 1 || !take('-')) {
      return INVALID;
    }
    int day = number(2, 31);
    boolean leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (day < 1 || day > DAYS[month - 1] + (leap && month == 2 ? 1 : 0)) {
      return INVALID;
    }
    return epochDay(year, month, day);
  }

  /** Days since 1970 of a civil date: years start in March, so that the leap day comes last. */
  private static long epochDay(int year, int month, int day) {
    int y = month <= 2 ? year - 1 : year;
    int era = Math.floorDiv(y, 400);
    int yearOfEra = y - era * 400;
    int dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return era * 146_097L + dayOfEra - 719_468L;
  }

  private boolean offset(Moment out) {
    if (take('Z')) {
      out.setOffset(0);
      return position == end;
    }
    boolean negative = take('-');
    if (!negative && !take('+')) {
      return false;
    }
    int hours = number(2, 18);
    int minutes = 0;
    if (hours >= 0 && position < end) {
      take(':');
      minutes = number(2, 59);
    }
    if (hours < 0 || minutes < 0) {
      return false;
    }
    int seconds = hours * 3600 + minutes * 60;
    out.setOffset(negative ? -seconds : seconds);
    return position == end;
  }

  private boolean take(char expected) {
    if (position < end && in[position] == expected) {
      position++;
      return true;
    }
    return false;
  }

  /** A number of exactly so many digits, or -1. */
  private int number(int digits, int most) {
    if (end - position < digits) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < digits; i++) {
      int digit = in[position++] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value <= most ? value : -1;
  }

  /** Nanoseconds of one to nine digits, or -1. */
  private int fraction() {
    int nanos = 0;
    int digits = 0;
    while (position < end && in[position] >= '0' && in[position] <= '9') {
      if (++digits > 9) {
        return -1;
      }
      nanos = nanos * 10 + (in[position++] - '0');
    }
    if (digits == 0) {
      return -1;
    }
    for (int i = digits; i < 9; i++) {
      nanos *= 10;
    }
    return nanos;
  }
}
