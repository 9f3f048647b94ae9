package ai.finks.stack.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists refused records, the newest first. */
@Command(
    name = "list",
    description = "List refused records, the newest first, with reason and coordinate.")
final class QuarantineListCommand implements Callable<Integer> {
  @Mixin private final CommonOptions common = new CommonOptions();
  @Mixin private final RefusedOptions which = new RefusedOptions();

  @Option(names = "--entity", paramLabel = "ENTITY", description = "Only of that entity.")
  private @Nullable String entity;

  @Option(names = "--open", description = "Only those that were not redriven yet.")
  private boolean open;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "At most N records (default: ${DEFAULT-VALUE}).")
  private int limit = 50;

  @Option(names = "--offset", paramLabel = "N", description = "Leave out the first N records.")
  private int offset;

  @Option(
      names = "--reveal",
      description = "Show the payloads too; who looked is recorded in the home.")
  private boolean reveal;

  @Override
  public Integer call() throws InterruptedException {
    if (limit < 1 || offset < 0) {
      throw CommandFailure.usage(
          "--limit must be 1 or more and --offset 0 or more, were " + limit + " and " + offset);
    }
    JsonNode rows = RefusedQuery.rows(common, sql(), reveal);
    long total = 0;
    ArrayNode records = CommonOptions.JSON.createArrayNode();
    for (JsonNode row : rows) {
      total = row.path("total").asLong();
      records.add(((ObjectNode) row).without("total"));
    }
    long next = offset + records.size();
    print(records, total, next < total ? next : -1);
    return ExitCode.DONE.code();
  }

  private String sql() {
    List<String> conditions = new ArrayList<>(which.conditions());
    if (open) {
      conditions.add("redriven is null");
    }
    String where = conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
    return "select entity, _source as source, reason, list_filter(list_transform(reasons, r ->"
        + " coalesce(r.field, r.check)), what -> what is not null) as what, redriven, "
        + RefusedQuery.COORDINATE
        + " as coordinate, key, _run_id as run_id, _ingest_time as ingest_time"
        + (reveal ? ", payload" : "")
        + ", count(*) over () as total from "
        + RefusedQuery.relation(common.home(), entity)
        + where
        + " order by _ingest_time desc nulls last, _topic, _partition, _offset desc, _element"
        + " limit "
        + limit
        + " offset "
        + offset;
  }

  private void print(ArrayNode records, long total, long next) {
    if (common.json()) {
      ObjectNode document = CommonOptions.JSON.createObjectNode();
      document.set("records", records);
      document.put("total", total);
      if (next >= 0) {
        document.put("next_offset", next);
      }
      common.print(document);
      return;
    }
    TextTable.lines(records).forEach(common::print);
    if (next >= 0) {
      common.progress(
          String.format("%,d of %,d records; go on with --offset %d", next, total, next));
    }
  }
}
