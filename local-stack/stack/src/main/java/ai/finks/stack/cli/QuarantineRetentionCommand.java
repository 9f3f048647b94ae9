package ai.finks.stack.cli;

import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.QuarantineRetention;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.lake.Lake;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows, sets and applies how long refused records are kept. */
@Command(
    name = "retention",
    description = "Show or set for how many days refused records are kept, and remove older ones.",
    footer = {
      "",
      "Whole days of ingest time are removed, and only what was also refused that long ago.",
      "The silver job does the same once a day."
    })
final class QuarantineRetentionCommand implements Callable<Integer> {
  @Mixin private final CommonOptions common = new CommonOptions();

  @Parameters(
      paramLabel = "ENTITY",
      arity = "0..1",
      description = "Whose refused records (default: all).")
  private @Nullable String entity;

  @Option(names = "--days", paramLabel = "N", description = "Keep them for N days from now on.")
  private @Nullable Integer days;

  @Option(names = "--dry-run", description = "Only say what would be removed.")
  private boolean dryRun;

  @Override
  public Integer call() throws IOException {
    if (days != null && days < 1) {
      throw CommandFailure.usage("--days must be 1 or more, was " + days);
    }
    FinksHome home = common.home();
    if (!Lake.existsIn(home)) {
      throw CommandFailure.usage("There is no lake in " + home + "; ./finks up makes one");
    }
    List<String> entities =
        entity == null
            ? RefusedQuery.entities(home)
            : List.of(RefusedQuery.requireEntity(home, entity));
    ArrayNode shown = CommonOptions.JSON.createArrayNode();
    try (Lake lake = Lake.open(home)) {
      for (String name : entities) {
        shown.add(apply(name, lake.load(LakeTables.quarantine(name))));
      }
    }
    if (common.json()) {
      ObjectNode document = CommonOptions.JSON.createObjectNode();
      document.put("dry_run", dryRun).set("entities", shown);
      common.print(document);
    } else {
      TextTable.lines(shown).forEach(common::print);
    }
    return ExitCode.DONE.code();
  }

  private ObjectNode apply(String name, Table quarantine) {
    if (days != null && !dryRun) {
      QuarantineRetention.set(quarantine, days);
    }
    int kept = days == null ? QuarantineRetention.days(quarantine) : days;
    QuarantineRetention retention = new QuarantineRetention(kept);
    Instant now = Instant.now();
    QuarantineRetention.Removal removal =
        dryRun ? retention.preview(quarantine, now) : retention.apply(quarantine, now);
    ObjectNode node = CommonOptions.JSON.createObjectNode();
    return node.put("entity", name)
        .put("days", kept)
        .put("removed_days", removal.days())
        .put("removed_records", removal.records());
  }
}
