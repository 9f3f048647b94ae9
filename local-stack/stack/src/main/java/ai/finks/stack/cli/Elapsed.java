package ai.finks.stack.cli;

/** Seconds since a moment, for people to read. */
final class Elapsed {
  private Elapsed() {}

  /** Seconds since {@code startedNanos} of {@link System#nanoTime}. */
  static double seconds(long startedNanos) {
    return (System.nanoTime() - startedNanos) / 1e9;
  }

  /** The same, rounded to hundredths. */
  static double rounded(long startedNanos) {
    return Math.round(seconds(startedNanos) * 100) / 100.0;
  }
}
