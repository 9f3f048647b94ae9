package ai.finks.stack.trace;

import ai.finks.flink.table.Carrier;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Map;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;

/** A build and its pins in a trace. */
final class GoldSection {
  private GoldSection() {}

  static void putBuild(ObjectNode document, GoldSnapshot build) {
    document.put("snapshot", build.snapshot().snapshotId());
    document.put(
        "published_at", Instant.ofEpochMilli(build.snapshot().timestampMillis()).toString());
    ObjectNode node = document.putObject("build");
    node.put("run_id", build.said("gold-run")).put("code_version", build.said("code-version"));
    node.put("dbt_invocation_id", build.said("dbt-invocation-id"));
    int passed = 0;
    int others = 0;
    for (JsonNode model : build.tests()) {
      for (JsonNode verdict : model) {
        if (verdict.asText().equals("pass")) {
          passed++;
        } else {
          others++;
        }
      }
    }
    ObjectNode tests = document.putObject("tests");
    tests.put("passed", passed).put("others", others);
    tests.set("by_model", build.tests());
  }

  /** Whether the table holds what it held then: signs of life of an idle job change nothing. */
  private static boolean isCurrent(Table table, Snapshot snapshot) {
    Snapshot at = table.currentSnapshot();
    while (at != null && at.snapshotId() != snapshot.snapshotId()) {
      Map<String, String> summary = at.summary();
      boolean sameFiles =
          !summary.containsKey(SnapshotSummary.ADDED_FILES_PROP)
              && !summary.containsKey(SnapshotSummary.DELETED_FILES_PROP);
      Long parent = at.parentId();
      at = sameFiles && parent != null ? table.snapshot(parent) : null;
    }
    return at != null;
  }

  /** A snapshot that is there: when it was committed, what keeps it, which offsets it holds. */
  static void putPin(ObjectNode pin, Table table, Snapshot snapshot) {
    pin.put("committed_at", Instant.ofEpochMilli(snapshot.timestampMillis()).toString());
    pin.put("current", isCurrent(table, snapshot));
    for (Map.Entry<String, SnapshotRef> ref : table.refs().entrySet()) {
      if (ref.getValue().isTag() && ref.getValue().snapshotId() == snapshot.snapshotId()) {
        pin.withArray("/tags").add(ref.getKey());
      }
    }
    Carrier.at(table, snapshot)
        .ifPresent(
            carrier -> {
              ObjectNode offsets = pin.putObject("offsets");
              carrier
                  .offsets()
                  .forEach(
                      (partition, next) ->
                          offsets
                              .withObject("/" + partition.stream().replace("/", "~1"))
                              .put(Integer.toString(partition.partition()), next));
            });
  }
}
