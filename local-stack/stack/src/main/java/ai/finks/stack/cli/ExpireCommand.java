package ai.finks.stack.cli;

import ai.finks.flink.table.OrphanFiles;
import ai.finks.flink.table.SnapshotExpiry;
import ai.finks.flink.table.StagedTables;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.lake.Lake;
import ai.finks.stack.lake.TableSummary;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.io.FileInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Removes snapshots that nobody needs, and files that no snapshot knows. */
@Command(
    name = "expire",
    description = "Remove old snapshots of all tables, and files that no snapshot knows.",
    footer = {
      "",
      "Stay: what is younger, each table's newest offsets and all after them, what a tag names,"
          + " and",
      "all since the start of a running seal or replay. The stack may run; it does the same every",
      "night, after the seal."
    })
final class ExpireCommand implements Callable<Integer> {
  /** As long as the live job keeps them itself: a reader may still be at its files. */
  private static final Duration LEAST_AGE = Duration.ofMinutes(10);

  /** No writer takes as long from its first file to its commit. */
  private static final Duration LEAST_ORPHAN_AGE = Duration.ofDays(1);

  @Mixin private final CommonOptions common = new CommonOptions();

  @Option(
      names = "--older-than",
      paramLabel = "AGE",
      converter = DurationConverter.class,
      description = "Snapshots of that age go (default: 1d, at least 10m).")
  private Duration age = Duration.ofDays(1);

  @Option(
      names = "--orphans-older-than",
      paramLabel = "AGE",
      converter = DurationConverter.class,
      description = "Files of that age that no table leads to go (default: 3d, at least 1d).")
  private Duration orphanAge = Duration.ofDays(3);

  @Option(names = "--dry-run", description = "Only list what would go.")
  private boolean dryRun;

  @Override
  public Integer call() throws IOException {
    FinksHome home = common.home();
    RunningStack.requireLake(home);
    requireAtLeast("--older-than", age, LEAST_AGE);
    requireAtLeast("--orphans-older-than", orphanAge, LEAST_ORPHAN_AGE);
    try (Lake lake = Lake.open(home);
        LakeLock ignored = LakeLock.take(home, LakeSeal.WORK, "expire")) {
      show(expire(lake, Instant.now()));
    }
    return ExitCode.DONE.code();
  }

  private static void requireAtLeast(String option, Duration given, Duration least) {
    if (given.compareTo(least) < 0) {
      throw CommandFailure.usage(option + " must be " + least + " or more, was " + given);
    }
  }

  private Map<String, ObjectNode> expire(Lake lake, Instant now) {
    List<TableIdentifier> tables = TableSummary.identifiers(lake);
    Map<String, ObjectNode> report = new TreeMap<>();
    for (TableIdentifier table : tables) {
      StagedTables.ifThere(
          lake.catalog(),
          table,
          loaded -> report.put(table.toString(), expire(table, loaded, now)));
    }
    OrphanFiles orphans = new OrphanFiles(lake.catalog(), tables);
    for (Map.Entry<TableIdentifier, List<FileInfo>> found :
        orphans.find(now.minus(orphanAge)).entrySet()) {
      ObjectNode node = Objects.requireNonNull(report.get(found.getKey().toString()));
      node.put("orphans", found.getValue().size())
          .put("orphan_bytes", found.getValue().stream().mapToLong(FileInfo::size).sum());
      if (dryRun) {
        ArrayNode files = node.putArray("orphan_list");
        found.getValue().forEach(file -> files.add(file.location()));
      } else {
        orphans.remove(found.getKey(), found.getValue());
      }
    }
    return report;
  }

  private ObjectNode expire(TableIdentifier identifier, Table table, Instant now) {
    ObjectNode node = CommonOptions.JSON.createObjectNode().put("table", identifier.toString());
    List<Snapshot> going = SnapshotExpiry.expirable(table, now.minus(age), now);
    node.put("snapshots", going.size());
    if (dryRun) {
      ArrayNode snapshots = node.putArray("snapshot_list");
      going.forEach(snapshot -> snapshots.add(json(snapshot)));
    } else {
      node.put("files", SnapshotExpiry.expire(table, now.minus(age), now));
    }
    return node;
  }

  private static ObjectNode json(Snapshot snapshot) {
    return CommonOptions.JSON
        .createObjectNode()
        .put("snapshot", snapshot.snapshotId())
        .put("committed_at", Instant.ofEpochMilli(snapshot.timestampMillis()).toString());
  }

  private void show(Map<String, ObjectNode> report) {
    ArrayNode tables = CommonOptions.JSON.createArrayNode();
    report.values().forEach(tables::add);
    if (common.json()) {
      ObjectNode document = CommonOptions.JSON.createObjectNode();
      document.put("dry_run", dryRun).set("tables", tables);
      common.print(document);
      return;
    }
    for (ObjectNode table : report.values()) {
      common.print(
          String.format(
              "%-32s %,7d snapshots, %,7d orphans of %,d bytes%s",
              table.path("table").asText(),
              table.path("snapshots").asInt(),
              table.path("orphans").asInt(),
              table.path("orphan_bytes").asLong(),
              dryRun ? " would go" : ""));
      table.path("snapshot_list").forEach(each -> common.print("  " + each.toString()));
      table.path("orphan_list").forEach(each -> common.print("  " + each.asText()));
    }
  }
}
