package ai.finks.flink.replay.core;

/** How far something has come and when it will be done, at the pace since it began. */
public final class Eta {
  private final long all;
  private final long before;
  private final long beganNanos;

  /**
   * @param all that is to be done
   * @param before how much was done when it began
   */
  public Eta(long all, long before, long beganNanos) {
    this.all = all;
    this.before = before;
    this.beganNanos = beganNanos;
  }

  /** {@code 12,000 of 40,000 records (30 %), 2,400/s, 12 s to go}. */
  public String line(long done, long nowNanos) {
    long percent = all == 0 ? 100 : 100 * done / all;
    double seconds = (nowNanos - beganNanos) / 1e9;
    double pace = seconds <= 0 ? 0 : (done - before) / seconds;
    String text = String.format("%,d of %,d records (%d %%)", done, all, percent);
    return pace <= 0
        ? text
        : text + String.format(", %,.0f/s, %,.0f s to go", pace, Math.ceil((all - done) / pace));
  }
}
