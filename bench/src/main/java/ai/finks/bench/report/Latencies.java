package ai.finks.bench.report;

import java.util.Arrays;

/** A growing set of durations in microseconds, asked for percentiles. */
public final class Latencies {
  private long[] micros = new long[1 << 16];
  private int count;
  private boolean sorted;

  public void add(long durationMicros) {
    if (count == micros.length) {
      micros = Arrays.copyOf(micros, 2 * count);
    }
    micros[count++] = durationMicros;
    sorted = false;
  }

  public int count() {
    return count;
  }

  /**
   * The duration in seconds that so many percent do not exceed.
   *
   * @throws IllegalStateException if there is none
   */
  public double percentile(double percent) {
    if (count == 0) {
      throw new IllegalStateException("nothing was measured");
    }
    if (!sorted) {
      Arrays.sort(micros, 0, count);
      sorted = true;
    }
    int rank = (int) Math.ceil(percent / 100 * count);
    return micros[Math.max(0, rank - 1)] / 1e6;
  }
}
