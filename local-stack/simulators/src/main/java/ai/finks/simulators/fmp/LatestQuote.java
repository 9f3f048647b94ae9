package ai.finks.simulators.fmp;

import ai.finks.simulators.demo.SymbolBars;
import java.nio.charset.StandardCharsets;
import java.time.LocalTime;
import java.time.ZoneId;

/**
 * The answer of {@code /stable/quote}: the state at the close of the newest complete bar.
 *
 * <p>name, marketCap and exchange are null: the bars do not say them. Averages are over the last 50
 * and 200 closes, or as many as there are; the year is the calendar year up to the bar.
 */
final class LatestQuote {
  private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

  /** FMP stamps a quote of the close one second after it. */
  private static final LocalTime STAMP = LocalTime.of(16, 0, 1);

  private static final int PERCENT_SCALE = 4;
  private static final int AVERAGE_SCALE = 5;

  private LatestQuote() {}

  static JsonText render(SymbolBars bars) {
    int last = lastValid(bars);
    JsonText json = new JsonText(640);
    if (last < 0) {
      return json.end();
    }
    int price = bars.close(last);
    int previous = last > 0 ? bars.close(last - 1) : bars.open(last);
    long[] range = yearRange(bars, last);
    byte[] symbol = bars.symbol().getBytes(StandardCharsets.US_ASCII);
    json.object().text(JsonText.name("symbol"), symbol).none(JsonText.name("name"));
    price(json, "price", price);
    json.decimal(
        JsonText.name("changePercentage"),
        BarHistory.percent(price - previous, previous, PERCENT_SCALE),
        PERCENT_SCALE);
    price(json, "change", price - previous);
    json.number(JsonText.name("volume"), bars.volume(last));
    price(json, "dayLow", bars.low(last));
    price(json, "dayHigh", bars.high(last));
    price(json, "yearHigh", range[1]);
    price(json, "yearLow", range[0]);
    json.none(JsonText.name("marketCap"));
    json.decimal(JsonText.name("priceAvg50"), average(bars, last, 50), AVERAGE_SCALE);
    json.decimal(JsonText.name("priceAvg200"), average(bars, last, 200), AVERAGE_SCALE);
    json.none(JsonText.name("exchange"));
    price(json, "open", bars.open(last));
    price(json, "previousClose", previous);
    long stamp = bars.date(last).atTime(STAMP).atZone(NEW_YORK).toEpochSecond();
    return json.number(JsonText.name("timestamp"), stamp).endObject().end();
  }

  private static void price(JsonText json, String name, long price) {
    json.decimal(JsonText.name(name), price, SymbolBars.PRICE_SCALE);
  }

  private static int lastValid(SymbolBars bars) {
    int bar = bars.size() - 1;
    while (bar >= 0 && !bars.isValid(bar)) {
      bar--;
    }
    return bar;
  }

  private static long[] yearRange(SymbolBars bars, int last) {
    long low = Long.MAX_VALUE;
    long high = Long.MIN_VALUE;
    int first = bars.firstBarFrom(bars.date(last).minusYears(1).plusDays(1).toEpochDay());
    for (int bar = first; bar <= last; bar++) {
      if (bars.isValid(bar)) {
        low = Math.min(low, bars.low(bar));
        high = Math.max(high, bars.high(bar));
      }
    }
    return new long[] {low, high};
  }

  /** The mean of the closes in units of 10^-5. */
  private static long average(SymbolBars bars, int last, int count) {
    int first = Math.max(0, last - count + 1);
    long sum = 0;
    for (int bar = first; bar <= last; bar++) {
      sum += bars.close(bar);
    }
    return BarHistory.divideRounded(sum * 10, last - first + 1);
  }
}
