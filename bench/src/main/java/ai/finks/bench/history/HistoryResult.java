package ai.finks.bench.history;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * What one size of the benchmark took. Seconds are of whole commands, their start included.
 *
 * @param tradingDays of the files
 * @param bars of the files
 * @param liveSeconds from the start of the ingest until all is committed
 * @param replaySeconds of the first replay of the middle third
 * @param replayedRecords that it read
 * @param replayedBars that lie in its range
 * @param againSeconds of the same replay once more
 * @param filesOfPeriods after the seal, by period
 * @param stackPeakBytes the most resident memory of the stack's processes
 * @param replayPeakBytes the most resident memory of the replay's process
 * @param sealPeakBytes the most resident memory of the seal's process
 * @param beside how far a live load was behind while replays ran; empty if none was asked for
 * @param problems what is not as it must be; empty if all is
 */
record HistoryResult(
    int tradingDays,
    long bars,
    double liveSeconds,
    double sealSeconds,
    double goldSeconds,
    double replaySeconds,
    long replayedRecords,
    long replayedBars,
    double againSeconds,
    List<Long> filesOfPeriods,
    long stackPeakBytes,
    long replayPeakBytes,
    long sealPeakBytes,
    Optional<LiveLag> beside,
    List<String> problems) {

  double liveRate() {
    return bars / liveSeconds;
  }

  /** Records that the replay read, audited and held against the table, per second. */
  double replayRate() {
    return replayedRecords / replaySeconds;
  }

  void describe(ObjectNode node) {
    node.put("trading_days", tradingDays).put("bars", bars);
    ObjectNode seconds = node.putObject("seconds");
    seconds.put("live", rounded(liveSeconds)).put("seal", rounded(sealSeconds));
    seconds.put("gold", rounded(goldSeconds)).put("replay", rounded(replaySeconds));
    seconds.put("replay_again", rounded(againSeconds));
    node.put("live_bars_per_second", Math.round(liveRate()));
    node.put("replayed_records", replayedRecords).put("replayed_bars", replayedBars);
    node.put("replay_records_per_second", Math.round(replayRate()));
    node.put("replay_vs_live", rounded(replayRate() / liveRate()));
    node.put(
        "files_per_period", filesOfPeriods.stream().mapToLong(Long::longValue).max().orElse(0));
    node.put("stack_peak_bytes", stackPeakBytes);
    node.put("replay_peak_bytes", replayPeakBytes);
    node.put("seal_peak_bytes", sealPeakBytes);
    beside.ifPresent(lag -> lag.describe(node.putObject("live_beside_replay")));
  }

  private static double rounded(double value) {
    return Math.round(value * 100) / 100.0;
  }
}
