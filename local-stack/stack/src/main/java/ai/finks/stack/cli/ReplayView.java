package ai.finks.stack.cli;

import ai.finks.flink.replay.ReplayResult;
import ai.finks.flink.replay.core.PeriodAudit;
import ai.finks.flink.replay.core.PeriodMode;
import ai.finks.flink.replay.core.ReplayAudit;
import ai.finks.flink.replay.core.ReplayPlan;
import ai.finks.flink.replay.core.RowSample;
import ai.finks.flink.table.TablePeriod;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** Plans and outcomes of replays, for people and for scripts. */
final class ReplayView {
  private static final List<String> COUNTS =
      List.of("read", "exploded", "silver", "quarantine", "duplicates", "filtered", "warned");

  private ReplayView() {}

  /** A period as planned: how many rows it has that the replay may give anew. */
  record Planned(TablePeriod period, PeriodMode mode, long rows) {}

  static ObjectNode plan(ReplayPlan plan, List<Planned> periods) {
    ObjectNode document = head(plan).put("dry_run", true).put("published", false);
    ArrayNode array = document.putArray("periods");
    for (Planned each : periods) {
      array
          .addObject()
          .put("period", each.period().toString())
          .put("mode", each.mode().label())
          .put("rows", each.rows());
    }
    return document;
  }

  static ObjectNode result(ReplayResult result) {
    ObjectNode document =
        head(result.plan())
            .put("dry_run", false)
            .put("published", result.state() == ReplayResult.State.PUBLISHED)
            .put("state", result.state().label());
    result.objection().ifPresent(objection -> document.put("objection", objection));
    document.put("decided", result.decided());
    ArrayNode periods = document.putArray("periods");
    for (PeriodAudit period : result.audit().periods()) {
      ObjectNode each =
          periods
              .addObject()
              .put("period", period.period())
              .put("mode", period.mode().label())
              .put("rows", period.rows());
      period.changes().counts().forEach(each::put);
    }
    document.set("audit", audit(result.audit()));
    ObjectNode rows = document.putObject("rows");
    result.audit().rows().forEach(rows::put);
    ObjectNode filled = document.putObject("filled");
    result.filled().forEach(filled::put);
    return document;
  }

  private static ObjectNode head(ReplayPlan plan) {
    ObjectNode document = CommonOptions.JSON.createObjectNode();
    document
        .put("replay_id", plan.id())
        .put("entity", plan.entity())
        .put("origin", plan.origin())
        .put("contract", plan.contract().label())
        .put("contract_version", plan.contract().version())
        .put("records", plan.records());
    ArrayNode offsets = document.putArray("offsets");
    plan.offsets()
        .forEach(
            (at, range) ->
                offsets
                    .addObject()
                    .put("topic", at.topic())
                    .put("stream_id", at.streamId())
                    .put("partition", at.partition())
                    .put("from", range.start())
                    .put("to", range.end()));
    return document;
  }

  private static ObjectNode audit(ReplayAudit audit) {
    ObjectNode node = CommonOptions.JSON.createObjectNode();
    node.put("balanced", audit.isBalanced());
    COUNTS.forEach(count -> node.put(count, audit.all(count)));
    node.set("failures", CommonOptions.JSON.valueToTree(audit.failures()));
    ArrayNode samples = node.putArray("samples");
    for (RowSample sample : audit.samples()) {
      ObjectNode each =
          samples
              .addObject()
              .put("change", sample.change())
              .put("period", sample.period())
              .put("source", sample.source())
              .put("coordinate", sample.coordinate());
      each.set("key", CommonOptions.JSON.valueToTree(sample.key()));
      each.set("fields", CommonOptions.JSON.valueToTree(sample.fields()));
    }
    return node;
  }

  /** The lines of a plan. */
  static void print(CommonOptions common, ReplayPlan plan, ObjectNode document) {
    common.print(
        String.format(
            "replay %s of %s from the %s, by the %s contract (version %d): %,d offsets",
            plan.id(),
            plan.entity(),
            plan.origin(),
            plan.contract().label(),
            plan.contract().version(),
            plan.records()));
    plan.offsets()
        .forEach(
            (at, range) ->
                common.print(String.format("  %s %,d to %,d", at, range.start(), range.end() - 1)));
    TextTable.lines((ArrayNode) document.path("periods")).forEach(common::print);
  }

  /** The lines of an outcome. */
  static void print(CommonOptions common, ReplayResult result, ObjectNode document) {
    TextTable.lines((ArrayNode) document.path("periods")).forEach(common::print);
    for (RowSample sample : result.audit().samples()) {
      common.print(
          String.format(
              "  %s %s %s %s at %s%s",
              sample.change(),
              sample.period(),
              sample.source(),
              key(sample.key()),
              sample.coordinate(),
              sample.fields().isEmpty() ? "" : ": " + String.join(", ", sample.fields())));
    }
    SortedMap<String, Long> rows = result.audit().rows();
    common.print(
        String.format(
            "%s: %,d rows added, %,d restated, %,d removed, %,d unchanged",
            result.state().label(),
            rows.getOrDefault("added", 0L),
            rows.getOrDefault("restated", 0L),
            rows.getOrDefault("removed", 0L),
            rows.getOrDefault("unchanged", 0L)));
    if (result.decided() > 0) {
      common.print(
          String.format(
              "%,d records of them were not sent: the live job took them as duplicates since it"
                  + " started. Restart it (./finks down, up) or seal the period, then replay again",
              result.decided()));
    }
    if (!result.filled().isEmpty()) {
      common.print("through the live job: " + result.filled());
    }
  }

  private static String key(Map<String, String> key) {
    return String.join(" ", key.values());
  }
}
