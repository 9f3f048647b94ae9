package ai.finks.bench;

import java.time.Duration;
import picocli.CommandLine.Option;

/** How often and how fast variants are compared. */
final class LapOptions {
  @Option(
      names = "--laps",
      paramLabel = "N",
      description = "Readings of all quotes per process (default: ${DEFAULT-VALUE}).")
  private int laps = 2;

  @Option(
      names = "--runs",
      paramLabel = "N",
      description = "Processes per variant (default: ${DEFAULT-VALUE}).")
  private int runs = 3;

  @Option(
      names = "--commit-seconds",
      paramLabel = "N",
      description = "Between commits (default: ${DEFAULT-VALUE}).")
  private int commitSeconds = 10;

  int laps() {
    return laps;
  }

  int runs() {
    return runs;
  }

  Duration commitInterval() {
    return Duration.ofSeconds(commitSeconds);
  }

  void check(BenchOptions common) {
    common.atLeast("--laps", laps, 1);
    common.atLeast("--runs", runs, 1);
    common.atLeast("--commit-seconds", commitSeconds, 1);
  }
}
