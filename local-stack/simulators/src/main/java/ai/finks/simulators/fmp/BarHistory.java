package ai.finks.simulators.fmp;

import ai.finks.simulators.demo.SymbolBars;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * The answer of {@code /stable/historical-price-eod/full}: one object per day, newest first.
 *
 * <p>change = close − open; changePercent = change / open × 100, five places; vwap = (open + high +
 * low + close) / 4. What needs a price that is missing is null.
 */
final class BarHistory {
  private static final byte[] SYMBOL = JsonText.name("symbol");
  private static final byte[] DATE = JsonText.name("date");
  private static final byte[] OPEN = JsonText.name("open");
  private static final byte[] HIGH = JsonText.name("high");
  private static final byte[] LOW = JsonText.name("low");
  private static final byte[] CLOSE = JsonText.name("close");
  private static final byte[] VOLUME = JsonText.name("volume");
  private static final byte[] CHANGE = JsonText.name("change");
  private static final byte[] CHANGE_PERCENT = JsonText.name("changePercent");
  private static final byte[] VWAP = JsonText.name("vwap");

  private static final int BYTES_PER_BAR = 260;

  /** Places of changePercent. */
  private static final int PERCENT_SCALE = 5;

  private BarHistory() {}

  /** The years that the API answers when no beginning is given. */
  private static final int DEFAULT_YEARS = 5;

  /**
   * The bars of {@code from} to {@code to}, both included.
   *
   * @param from null: five years before the end
   * @param to null: the newest bar
   */
  static JsonText render(SymbolBars bars, @Nullable LocalDate from, @Nullable LocalDate to) {
    LocalDate end = to == null ? bars.date(bars.size() - 1) : to;
    LocalDate begin = from == null ? end.minusYears(DEFAULT_YEARS) : from;
    int first = bars.firstBarFrom(begin.toEpochDay());
    int last = bars.firstBarFrom(end.toEpochDay() + 1) - 1;
    byte[] symbol = bars.symbol().getBytes(StandardCharsets.US_ASCII);
    JsonText json = new JsonText(Math.max(0, last - first + 1) * BYTES_PER_BAR + 16);
    for (int bar = last; bar >= first; bar--) {
      render(bars, bar, symbol, json);
    }
    return json.end();
  }

  private static void render(SymbolBars bars, int bar, byte[] symbol, JsonText json) {
    int open = bars.open(bar);
    int close = bars.close(bar);
    json.object().text(SYMBOL, symbol).text(DATE, isoDate(bars.date(bar)));
    price(json, OPEN, open);
    price(json, HIGH, bars.high(bar));
    price(json, LOW, bars.low(bar));
    price(json, CLOSE, close);
    json.number(VOLUME, bars.volume(bar));
    if (open == SymbolBars.MISSING || close == SymbolBars.MISSING) {
      json.none(CHANGE).none(CHANGE_PERCENT);
    } else {
      json.decimal(CHANGE, close - open, SymbolBars.PRICE_SCALE);
      json.decimal(CHANGE_PERCENT, percent(close - open, open, PERCENT_SCALE), PERCENT_SCALE);
    }
    if (bars.hasMissing(bar)) {
      json.none(VWAP);
    } else {
      // A quarter of ten-thousandths is exact with two more places.
      long sum = (long) open + bars.high(bar) + bars.low(bar) + close;
      json.decimal(VWAP, sum * 25, SymbolBars.PRICE_SCALE + 2);
    }
    json.endObject();
  }

  private static void price(JsonText json, byte[] name, int price) {
    if (price == SymbolBars.MISSING) {
      json.none(name);
    } else {
      json.decimal(name, price, SymbolBars.PRICE_SCALE);
    }
  }

  /** {@code part / whole × 100} in units of 10^-scale, halves rounded away from zero. */
  static long percent(long part, long whole, int scale) {
    long factor = 100;
    for (int i = 0; i < scale; i++) {
      factor *= 10;
    }
    return divideRounded(part * factor, whole);
  }

  /** The quotient rounded half away from zero; the divisor is positive. */
  static long divideRounded(long dividend, long divisor) {
    long half = dividend < 0 ? -(divisor / 2) : divisor / 2;
    return (dividend + half) / divisor;
  }

  private static byte[] isoDate(LocalDate date) {
    byte[] text = new byte[10];
    digits(text, 0, 4, date.getYear());
    text[4] = '-';
    digits(text, 5, 2, date.getMonthValue());
    text[7] = '-';
    digits(text, 8, 2, date.getDayOfMonth());
    return text;
  }

  private static void digits(byte[] text, int at, int count, int value) {
    int rest = value;
    for (int i = at + count - 1; i >= at; i--) {
      text[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }
}
