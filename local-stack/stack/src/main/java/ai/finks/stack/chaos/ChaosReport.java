package ai.finks.stack.chaos;

import java.util.List;

/**
 * How a run ended.
 *
 * @param seed that it was made from
 * @param faults that befell the platform, in their order
 * @param records that were sent
 * @param snapshots whose offsets were seen
 * @param startsWithoutState how often jobs began with nothing but the tables
 * @param seconds that it took
 * @param verdicts one per invariant
 */
public record ChaosReport(
    long seed,
    List<String> faults,
    long records,
    long snapshots,
    int startsWithoutState,
    double seconds,
    List<Verdict> verdicts) {
  /** Keeps copies. */
  public ChaosReport {
    faults = List.copyOf(faults);
    verdicts = List.copyOf(verdicts);
  }

  /** Whether every invariant holds. */
  public boolean holds() {
    return verdicts.stream().allMatch(Verdict::holds);
  }

  /** The command that repeats the run. */
  public String repeat() {
    return "./finks chaos --seed " + seed + " --faults " + faults.size();
  }
}
