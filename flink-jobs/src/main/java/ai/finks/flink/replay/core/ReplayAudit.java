package ai.finks.flink.replay.core;

import ai.finks.flink.silver.core.RecordCoordinate;
import ai.finks.flink.table.Counts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The verdict on a replay before anything of it is published. Immutable. */
public final class ReplayAudit {
  /** The part of a period's rows that a replay may remove or restate without being asked for. */
  public static final double MOST_TOUCHED = 0.05;

  /** Of so many records at most a live job is made to take again what open periods lack. */
  public static final int MOST_SENT = 1_000_000;

  private final List<PeriodAudit> periods;
  private final Counts counts;
  private final List<String> failures;
  private final List<RowSample> samples;

  /**
   * @param counts what became of the records that were read
   * @param failures checks of the staged rows that failed, each as a sentence
   */
  public ReplayAudit(
      List<PeriodAudit> periods, Counts counts, List<String> failures, List<RowSample> samples) {
    this.periods = List.copyOf(periods);
    this.counts = counts;
    this.samples = List.copyOf(samples);
    this.failures = new ArrayList<>(failures);
    if (!isBalanced()) {
      this.failures.add("the accounting of what was read does not balance: " + counts);
    }
  }

  public List<PeriodAudit> periods() {
    return periods;
  }

  public Counts counts() {
    return counts;
  }

  public List<String> failures() {
    return List.copyOf(failures);
  }

  public List<RowSample> samples() {
    return samples;
  }

  /** Whether every record that was read became something. */
  public boolean isBalanced() {
    return all("read") + all("exploded")
        == all("silver") + all("quarantine") + all("duplicates") + all("filtered");
  }

  /** A count of records of all kinds. */
  public long all(String count) {
    long[] sum = {0};
    counts.forEach(
        (name, value) -> {
          if (name.equals(count) || name.endsWith('.' + count)) {
            sum[0] += value;
          }
        });
    return sum[0];
  }

  public List<PeriodAudit> of(PeriodMode mode) {
    return periods.stream()
        .filter(period -> period.mode() == mode && !period.changes().isEmpty())
        .collect(Collectors.toList());
  }

  /** The raw records that are to be sent again, in the order of their streams. */
  public SortedSet<RecordCoordinate> toSend() {
    SortedSet<RecordCoordinate> all = new TreeSet<>();
    of(PeriodMode.FILL).forEach(period -> all.addAll(period.toSend()));
    return all;
  }

  /** Rows over all periods: added, restated, removed, unchanged. */
  public TreeMap<String, Long> rows() {
    TreeMap<String, Long> rows = new TreeMap<>();
    new PeriodChanges().counts().forEach(rows::put);
    for (PeriodAudit period : periods) {
      period.changes().counts().forEach((name, count) -> rows.merge(name, count, Long::sum));
    }
    return rows;
  }

  /**
   * Why nothing may be published; empty when it may.
   *
   * @param accepted whether somebody has said that so much may change
   */
  public Optional<String> objection(boolean accepted) {
    if (!failures.isEmpty()) {
      return Optional.of(String.join("; ", failures));
    }
    List<String> open =
        periods.stream()
            .filter(PeriodAudit::needsSeal)
            .map(PeriodAudit::period)
            .collect(Collectors.toList());
    if (!open.isEmpty()) {
      return Optional.of(
          "rows of "
              + open
              + " would be restated or removed, which an open period cannot take: the live job"
              + " writes it. Seal the period, then go on with the replay");
    }
    if (toSend().size() > MOST_SENT) {
      return Optional.of(
          String.format(
              "%,d records of open periods are missing, more than the %,d that are sent again at"
                  + " most. Seal the periods, then go on with the replay: it replaces them as a"
                  + " whole",
              toSend().size(), MOST_SENT));
    }
    List<String> large =
        accepted
            ? List.of()
            : periods.stream()
                .filter(period -> period.shareTouched() > MOST_TOUCHED)
                .map(
                    period ->
                        String.format("%s (%.1f %%)", period.period(), 100 * period.shareTouched()))
                .collect(Collectors.toList());
    if (!large.isEmpty()) {
      return Optional.of(
          String.format(
              "more than %.0f %% of the rows of %s would be restated or removed; look at them,"
                  + " then say --accept",
              100 * MOST_TOUCHED, large));
    }
    return Optional.empty();
  }
}
