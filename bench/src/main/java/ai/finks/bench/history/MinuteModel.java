package ai.finks.bench.history;

import ai.finks.simulators.demo.SymbolBars;
import java.util.SplittableRandom;

/**
 * The minutes of a trading day, made up so that they agree with its real daily bar: the first opens
 * where the day opened, the last closes where it closed, none leaves the day's range, and the
 * volumes add up to the day's.
 *
 * <p>Prices follow a Brownian bridge from open to close whose spread is the day's range
 * (Glasserman, Monte Carlo Methods in Financial Engineering, 3.1); volume follows the usual U
 * shape, most of it at the open and at the close. The same seed, symbol and day give the same
 * minutes. Prices are whole numbers of ten-thousandths. One day is held at a time; not for use by
 * several threads.
 */
public final class MinuteModel {
  /** Minutes of a regular session, 09:30 to 15:59 in New York. */
  public static final int MINUTES = 390;

  private static final double BUSY_EDGES = 4.0;

  private final long seed;
  private final double[] path = new double[MINUTES + 1];
  private final int[] edges = new int[MINUTES + 1];
  private final int[] highs = new int[MINUTES];
  private final int[] lows = new int[MINUTES];
  private final long[] volumes = new long[MINUTES];

  public MinuteModel(long seed) {
    this.seed = seed;
  }

  /**
   * Makes the minutes of one daily bar; they replace those of the call before.
   *
   * @param symbol under whose name the minutes go; it need not be that of the bar
   * @throws IllegalArgumentException if the bar lacks a price or its range does not hold its prices
   */
  public void make(String symbol, SymbolBars bars, int bar) {
    if (!bars.isValid(bar)) {
      throw new IllegalArgumentException(bars.symbol() + " has no usable bar on " + bars.date(bar));
    }
    SplittableRandom random =
        new SplittableRandom(
            seed ^ (symbol.hashCode() * 0x9E3779B97F4A7C15L) ^ ((long) bars.epochDay(bar) << 20));
    walk(random, bars.open(bar), bars.close(bar), bars.high(bar) - bars.low(bar));
    for (int at = 0; at <= MINUTES; at++) {
      edges[at] = (int) Math.max(bars.low(bar), Math.min(bars.high(bar), Math.round(path[at])));
    }
    for (int minute = 0; minute < MINUTES; minute++) {
      int upper = Math.max(edges[minute], edges[minute + 1]);
      int lower = Math.min(edges[minute], edges[minute + 1]);
      int wick = 1 + (bars.high(bar) - bars.low(bar)) / 100;
      highs[minute] = Math.min(bars.high(bar), upper + random.nextInt(wick));
      lows[minute] = Math.max(bars.low(bar), lower - random.nextInt(wick));
    }
    spread(random, bars.volume(bar));
  }

  private void walk(SplittableRandom random, int open, int close, int range) {
    double step = range / (2.0 * Math.sqrt(MINUTES));
    double free = 0;
    path[0] = 0;
    for (int at = 1; at <= MINUTES; at++) {
      free += step * gaussian(random);
      path[at] = free;
    }
    for (int at = 0; at <= MINUTES; at++) {
      double share = (double) at / MINUTES;
      path[at] = open + path[at] - share * free + share * (close - open);
    }
  }

  /** The sum of twelve uniform numbers less six: close to normal, and the same on every machine. */
  private static double gaussian(SplittableRandom random) {
    double sum = -6;
    for (int i = 0; i < 12; i++) {
      sum += random.nextDouble();
    }
    return sum;
  }

  private void spread(SplittableRandom random, long volume) {
    double[] weights = new double[MINUTES];
    double total = 0;
    for (int minute = 0; minute < MINUTES; minute++) {
      double fromNoon = Math.abs(2.0 * minute / (MINUTES - 1) - 1);
      weights[minute] = (1 + (BUSY_EDGES - 1) * fromNoon * fromNoon) * (0.5 + random.nextDouble());
      total += weights[minute];
    }
    long given = 0;
    for (int minute = 0; minute < MINUTES; minute++) {
      volumes[minute] = (long) (volume * (weights[minute] / total));
      given += volumes[minute];
    }
    volumes[MINUTES - 1] += volume - given;
  }

  public int open(int minute) {
    return edges[minute];
  }

  public int high(int minute) {
    return highs[minute];
  }

  public int low(int minute) {
    return lows[minute];
  }

  public int close(int minute) {
    return edges[minute + 1];
  }

  /** Shares traded in that minute. */
  public long volume(int minute) {
    return volumes[minute];
  }
}
