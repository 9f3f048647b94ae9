package ai.finks.schemas.lineage;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a table's metadata says of one commit.
 *
 * @param table for example {@code silver.bars_versions}
 * @param snapshotId the commit's snapshot
 * @param parentId the snapshot before it, null for the first
 * @param committedAt when, by the writer's clock
 * @param summary the snapshot's summary as it is
 * @param runs records by run id
 * @param ranges the offsets that it added
 */
public record CommitFacts(
    String table,
    long snapshotId,
    @Nullable Long parentId,
    Instant committedAt,
    Map<String, String> summary,
    Map<String, Long> runs,
    List<Range> ranges) {

  /** Among the runs: stands for all that the commit does not tell apart. */
  public static final String OTHER_RUNS = "*";

  /**
   * Offsets of one partition.
   *
   * @param topic raw topic
   * @param streamId the topic's generation
   * @param partition the topic's partition
   * @param from first offset; -1 where the snapshot before has been expired
   * @param to the offset after the last one
   */
  public record Range(String topic, String streamId, int partition, long from, long to) {}

  public CommitFacts {
    summary = Map.copyOf(summary);
    runs = Map.copyOf(runs);
    ranges = List.copyOf(ranges);
  }

  /** A value of the summary, null where it has none. */
  public @Nullable String said(String key) {
    return summary.get(key);
  }

  /** A count of the summary, 0 where it has none. */
  public long count(String key) {
    return Long.parseLong(summary.getOrDefault(key, "0"));
  }

  /** What was done: the maintenance's kind, {@code gold}, or {@code commit} for a live job's. */
  public String kind() {
    String maintenance = summary.get("finks.kind");
    if (maintenance != null) {
      return maintenance;
    }
    return summary.containsKey("finks.gold-run") ? "gold" : "commit";
  }

  /**
   * Whether it changed nothing: a job that is idle shows that it lives. Where the snapshot before
   * has been expired, files and kind alone can tell.
   */
  boolean isSignOfLife() {
    return ranges.stream().noneMatch(range -> range.from() >= 0)
        && !summary.containsKey("added-data-files")
        && !summary.containsKey("deleted-data-files")
        && !summary.containsKey("finks.kind");
  }
}
