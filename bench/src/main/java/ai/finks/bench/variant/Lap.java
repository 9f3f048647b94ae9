package ai.finks.bench.variant;

/**
 * One reading of the whole topic.
 *
 * @param records that were read
 * @param wholeSeconds from the JVM's start (first lap) or the lap's start to the end
 * @param steadySeconds from the first record's reading to the end
 * @param closingSeconds how much of it was spent after the last record was read: closing files and
 *     committing
 */
public record Lap(long records, double wholeSeconds, double steadySeconds, double closingSeconds) {
  /** Records per second, counted from the first record on. */
  public double steadyRate() {
    return records / steadySeconds;
  }

  /** Records per second, start-up included. */
  public double wholeRate() {
    return records / wholeSeconds;
  }
}
