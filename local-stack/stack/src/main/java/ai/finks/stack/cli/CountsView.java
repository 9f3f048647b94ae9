package ai.finks.stack.cli;

import ai.finks.flink.table.CountKind;
import ai.finks.flink.table.StreamPartition;
import ai.finks.stack.lake.EntityCounts;
import ai.finks.stack.lake.LakeProgress;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** The accounting per entity as commands show it. */
final class CountsView {
  private CountsView() {}

  /** Prints counts and verdict, and returns the exit code of the verdict. */
  static int print(CommonOptions common, LakeProgress progress) {
    SortedMap<String, EntityCounts> counts = progress.counts();
    SortedMap<String, EntityCounts> redriven = progress.counts(CountKind.REDRIVEN);
    List<StreamPartition> unbalanced = progress.unbalanced();
    if (common.json()) {
      ObjectNode document = CommonOptions.JSON.createObjectNode();
      ObjectNode entities = json(counts);
      redriven.forEach(
          (entity, count) -> entities.withObject(entity).put("redriven", count.read()));
      document.set("entities", entities);
      document.put("balanced", unbalanced.isEmpty());
      common.print(document);
    } else {
      lines(counts).forEach(common::print);
      redriven.forEach(
          (entity, count) -> {
            if (count.read() > 0) {
              common.print(
                  String.format(
                      "%s: %,d of these were sent again from quarantine, %,d landed",
                      entity, count.read(), count.silver()));
            }
          });
    }
    if (!unbalanced.isEmpty()) {
      common.warn("finks: the counts of these partitions do not add up: " + unbalanced);
      return ExitCode.DATA.code();
    }
    return ExitCode.DONE.code();
  }

  static ObjectNode json(Map<String, EntityCounts> counts) {
    ObjectNode entities = CommonOptions.JSON.createObjectNode();
    counts.forEach((entity, count) -> entities.set(entity, count.json()));
    return entities;
  }

  static List<String> lines(Map<String, EntityCounts> counts) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            "%-14s %10s %9s   %10s %11s %11s %9s  %s",
            "entity", "read", "exploded", "silver", "quarantine", "duplicates", "filtered", ""));
    counts.forEach(
        (entity, count) ->
            lines.add(
                String.format(
                    "%-14s %,10d %,9d = %,10d %,11d %,11d %,9d  %s",
                    entity,
                    count.read(),
                    count.exploded(),
                    count.silver(),
                    count.quarantine(),
                    count.duplicates(),
                    count.filtered(),
                    count.balanced() ? "balances" : "DOES NOT BALANCE")));
    return lines;
  }
}
