package ai.finks.bench.history;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * How far Silver was behind a live load, in seconds of that load: before replays ran beside it, in
 * the first and in the last third of their time.
 *
 * @param rate that was offered, records a second
 * @param seconds that replays ran
 * @param replays that ended in this time
 */
record LiveLag(
    int rate,
    double seconds,
    int replays,
    double before,
    double firstThird,
    double lastThird,
    double longest) {
  /** Commits come every two seconds, so a mean moves by less than that while nothing grows. */
  private static final double STEADY_SECONDS = 2;

  static LiveLag of(
      int rate, int replays, List<LiveLoad.Sample> before, List<LiveLoad.Sample> beside) {
    int third = beside.size() / 3;
    double seconds = (beside.get(beside.size() - 1).nanos() - beside.get(0).nanos()) / 1e9;
    return new LiveLag(
        rate,
        seconds,
        replays,
        mean(before, rate),
        mean(beside.subList(0, third), rate),
        mean(beside.subList(beside.size() - third, beside.size()), rate),
        beside.stream().mapToDouble(sample -> (double) sample.behind() / rate).max().orElse(0));
  }

  private static double mean(List<LiveLoad.Sample> samples, int rate) {
    return samples.stream()
        .mapToDouble(sample -> (double) sample.behind() / rate)
        .average()
        .orElse(0);
  }

  boolean isSteady() {
    return lastThird <= firstThird + STEADY_SECONDS;
  }

  void describe(ObjectNode node) {
    node.put("rate", rate).put("seconds", rounded(seconds)).put("replays", replays);
    ObjectNode behind = node.putObject("seconds_behind");
    behind.put("before", rounded(before)).put("first_third", rounded(firstThird));
    behind.put("last_third", rounded(lastThird)).put("longest", rounded(longest));
    node.put("steady", isSteady());
  }

  private static double rounded(double value) {
    return Math.round(value * 100) / 100.0;
  }

  @Override
  public String toString() {
    return String.format(
        "beside %d replays in %.0f s, offered %,d records/s: Silver was %.1f s behind before, %.1f"
            + " s in the first third, %.1f s in the last, at most %.1f s",
        replays, seconds, rate, before, firstThird, lastThird, longest);
  }
}
