package ai.finks.simulators.demo;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Arrays;

/**
 * The daily bars of one symbol, oldest first, one per day at most.
 *
 * <p>Prices are whole numbers of ten-thousandths ({@value #PRICE_SCALE} decimal places), {@link
 * #MISSING} where the source has none; days are epoch days. Immutable.
 */
public final class SymbolBars {
  /** Decimal places of the prices. */
  public static final int PRICE_SCALE = 4;

  /** Stands for a price that the source does not have. */
  public static final int MISSING = Integer.MIN_VALUE;

  private final String symbol;
  private final int[] days;
  private final int[] opens;
  private final int[] highs;
  private final int[] lows;
  private final int[] closes;
  private final long[] volumes;

  private SymbolBars(Builder rows) {
    this.symbol = rows.symbol;
    this.days = Arrays.copyOf(rows.days, rows.size);
    this.opens = Arrays.copyOf(rows.prices[0], rows.size);
    this.highs = Arrays.copyOf(rows.prices[1], rows.size);
    this.lows = Arrays.copyOf(rows.prices[2], rows.size);
    this.closes = Arrays.copyOf(rows.prices[3], rows.size);
    this.volumes = Arrays.copyOf(rows.volumes, rows.size);
  }

  public String symbol() {
    return symbol;
  }

  /** The number of bars. */
  public int size() {
    return days.length;
  }

  public LocalDate date(int bar) {
    return LocalDate.ofEpochDay(days[bar]);
  }

  public int epochDay(int bar) {
    return days[bar];
  }

  public int open(int bar) {
    return opens[bar];
  }

  public int high(int bar) {
    return highs[bar];
  }

  public int low(int bar) {
    return lows[bar];
  }

  public int close(int bar) {
    return closes[bar];
  }

  /** Shares traded on that day. */
  public long volume(int bar) {
    return volumes[bar];
  }

  /** Whether every price is there and open and close lie between low and high. */
  public boolean isValid(int bar) {
    int low = lows[bar];
    int high = highs[bar];
    return opens[bar] != MISSING
        && low != MISSING
        && high != MISSING
        && closes[bar] != MISSING
        && low <= opens[bar]
        && opens[bar] <= high
        && low <= closes[bar]
        && closes[bar] <= high;
  }

  /** Whether a price of this bar is missing. */
  public boolean hasMissing(int bar) {
    return opens[bar] == MISSING
        || highs[bar] == MISSING
        || lows[bar] == MISSING
        || closes[bar] == MISSING;
  }

  /** The bar of a day, or a negative number if there is none. */
  public int barOn(int epochDay) {
    return Arrays.binarySearch(days, epochDay);
  }

  /** The first bar on or after a day; {@link #size()} if there is none. */
  public int firstBarFrom(long epochDay) {
    if (epochDay > days[days.length - 1]) {
      return days.length;
    }
    int found = Arrays.binarySearch(days, (int) Math.max(epochDay, days[0]));
    return found >= 0 ? found : -found - 1;
  }

  /** Collects the rows of one symbol in the file's order. */
  static final class Builder {
    private final String symbol;
    private final byte[] symbolBytes;
    private int[] days = new int[1300];
    private final int[][] prices = new int[4][1300];
    private long[] volumes = new long[1300];
    private int size;

    Builder(String symbol) {
      this.symbol = symbol;
      this.symbolBytes = symbol.getBytes(StandardCharsets.US_ASCII);
    }

    boolean isFor(byte[] text, int from, int to) {
      return Arrays.equals(symbolBytes, 0, symbolBytes.length, text, from, to);
    }

    boolean isEmpty() {
      return size == 0;
    }

    void add(int day, int open, int high, int low, int close, long volume) {
      if (size > 0 && day <= days[size - 1]) {
        throw new IllegalArgumentException(
            symbol + " has no ascending dates at " + LocalDate.ofEpochDay(day));
      }
      if (size == days.length) {
        grow();
      }
      days[size] = day;
      prices[0][size] = open;
      prices[1][size] = high;
      prices[2][size] = low;
      prices[3][size] = close;
      volumes[size++] = volume;
    }

    private void grow() {
      int capacity = size * 2;
      days = Arrays.copyOf(days, capacity);
      volumes = Arrays.copyOf(volumes, capacity);
      for (int i = 0; i < prices.length; i++) {
        prices[i] = Arrays.copyOf(prices[i], capacity);
      }
    }

    SymbolBars build() {
      return new SymbolBars(this);
    }
  }
}
