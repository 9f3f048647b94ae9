package ai.finks.flink.silver.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A row of a random history: few keys, versions, batches and contents, so that they meet. */
final class HistoryRow {
  static final Comparator<HistoryRow> ORDER =
      Comparator.<HistoryRow>comparingLong(row -> row.version)
          .thenComparing(row -> row.batch)
          .thenComparingLong(row -> row.sequence)
          .thenComparingLong(row -> row.content);

  private static final long MINUTE = 60_000_000L;

  final long key;
  final long version;
  final String batch;
  final long sequence;
  final long content;
  final long ingestTimeMicros;

  private HistoryRow(
      long key, long version, String batch, long sequence, long content, long ingestTimeMicros) {
    this.key = key;
    this.version = version;
    this.batch = batch;
    this.sequence = sequence;
    this.content = content;
    this.ingestTimeMicros = ingestTimeMicros;
  }

  /** New rows in rough order of ingest, every fourth one sent again somewhat later. */
  static List<HistoryRow> history(Random random, int length) {
    List<HistoryRow> sent = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      if (!sent.isEmpty() && random.nextInt(4) == 0) {
        sent.add(sent.get(random.nextInt(sent.size())));
      } else {
        sent.add(
            new HistoryRow(
                random.nextInt(3),
                random.nextInt(8),
                "batch" + random.nextInt(3),
                random.nextInt(3),
                random.nextInt(3),
                (3L * i + random.nextInt(60)) * MINUTE + random.nextInt(1000)));
      }
    }
    return sent;
  }

  VersionRule judge(KnownVersions known) {
    VersionRule verdict = known.compare(key, key, version, batch, sequence, content);
    if (verdict == VersionRule.KEEP) {
      known.keep(ingestTimeMicros);
    } else if (verdict == VersionRule.EXACT_AND_NEWER) {
      known.advance();
    }
    return verdict;
  }

  static Map<Long, Long> newestContents(List<HistoryRow> rows) {
    Map<Long, HistoryRow> newest = new HashMap<>();
    rows.forEach(row -> newest.merge(row.key, row, (a, b) -> ORDER.compare(a, b) >= 0 ? a : b));
    Map<Long, Long> contents = new HashMap<>();
    newest.forEach((key, row) -> contents.put(key, row.content));
    return contents;
  }
}
