package ai.finks.simulators.demo;

import java.time.LocalDate;
import java.util.BitSet;
import java.util.List;

/** What the generator asks of the bars: which days trade, which symbols, at which prices. */
final class Market {
  private final DemoBars bars;
  private final List<String> symbols;
  private final int firstDay;
  private final int lastDay;
  private final BitSet tradingDays = new BitSet();

  Market(DemoBars bars) {
    this.bars = bars;
    this.symbols = bars.symbols();
    int first = Integer.MAX_VALUE;
    int last = Integer.MIN_VALUE;
    for (SymbolBars symbol : bars.bySymbol().values()) {
      for (int bar = 0; bar < symbol.size(); bar++) {
        tradingDays.set(symbol.epochDay(bar));
      }
      first = Math.min(first, symbol.epochDay(0));
      last = Math.max(last, symbol.epochDay(symbol.size() - 1));
    }
    this.firstDay = first;
    this.lastDay = last;
  }

  List<String> symbols() {
    return symbols;
  }

  int firstDay() {
    return firstDay;
  }

  int lastDay() {
    return lastDay;
  }

  boolean isOpen(int day) {
    return tradingDays.get(day);
  }

  /** Whether no later day of the same month trades. */
  boolean isLastOfMonth(int day) {
    int next = tradingDays.nextSetBit(day + 1);
    return next < 0
        || LocalDate.ofEpochDay(next).getMonthValue() != LocalDate.ofEpochDay(day).getMonthValue();
  }

  /** Trading days up to and including this one. */
  int ordinal(int day) {
    return tradingDays.get(0, day + 1).cardinality();
  }

  /** Whether the symbol has a complete and possible bar on that day. */
  boolean trades(String symbol, int day) {
    SymbolBars history = history(symbol);
    int bar = history.barOn(day);
    return bar >= 0 && history.isValid(bar);
  }

  /** A price that was possible on a day on which the symbol trades; most are whole cents. */
  int price(String symbol, int day, Dice dice) {
    SymbolBars history = history(symbol);
    int bar = history.barOn(day);
    int low = history.low(bar);
    int price = dice.between(low, history.high(bar));
    int cents = price - price % 100;
    return cents >= low && dice.chance(850) ? cents : price;
  }

  /** The last close on or before a day; 0 before the first bar. */
  int lastClose(String symbol, int day) {
    SymbolBars history = history(symbol);
    int bar = history.firstBarFrom(day + 1L) - 1;
    return bar < 0 ? 0 : history.close(bar);
  }

  private SymbolBars history(String symbol) {
    return bars.of(symbol).orElseThrow(() -> new IllegalArgumentException("no bars: " + symbol));
  }
}
