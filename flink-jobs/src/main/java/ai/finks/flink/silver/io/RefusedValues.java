package ai.finks.flink.silver.io;

import ai.finks.flink.silver.core.Refined;
import ai.finks.flink.silver.core.RefusalReason;
import ai.finks.flink.silver.core.SilverPlan;
import ai.finks.flink.silver.core.SilverRow;
import ai.finks.schemas.raw.RawRecord;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;

/**
 * Finds again what checks against previous values refused: takes the quarantined payloads apart
 * once more. They are few, and were well-formed, or another check would have refused them first.
 */
final class RefusedValues {
  private static final String REASON = RefusalReason.IMPLAUSIBLE_CHANGE.name();
  private static final List<String> COLUMNS =
      List.of(
          "_source",
          "_run_id",
          "_batch_id",
          "_sequence",
          "_ingest_time",
          "_stream_id",
          "_partition",
          "_offset",
          "_element",
          "key",
          "content_type",
          "payload",
          "attributes",
          "reason",
          "reasons");

  private final SilverPlan plan;
  private final Refined refined;

  RefusedValues(SilverPlan plan) {
    this.plan = plan;
    this.refined = plan.newRefined();
  }

  void read(Table quarantine, Predicate<Record> rows, MemoryTargets targets) {
    Expression files = Expressions.and(targets.files(), Expressions.equal("reason", REASON));
    new TableScan(quarantine, files, COLUMNS)
        .read(
            () ->
                row -> {
                  if (REASON.equals(row.getField("reason")) && rows.test(row)) {
                    targets.forEach(row, (target, position) -> take(row, target, position));
                  }
                });
  }

  private synchronized void take(Record row, MemoryTarget target, long position) {
    if (position == MemoryTarget.EARLIER) {
      return;
    }
    plan.refine(record(row), refined);
    int element = (Integer) row.getField("_element");
    for (SilverRow refused : refined.rows()) {
      if (refused.element() == element) {
        target.refusedValues(refused, checks(row), position);
      }
    }
  }

  private RawRecord record(Record row) {
    ByteBuffer payload = ((ByteBuffer) row.getField("payload")).duplicate();
    byte[] bytes = new byte[payload.remaining()];
    payload.get(bytes);
    RawRecord.Builder record =
        RawRecord.builder()
            .source((String) row.getField("_source"))
            .entity(plan.contract().entity())
            .runId((String) row.getField("_run_id"))
            .batchId((String) row.getField("_batch_id"))
            .sequence((Long) row.getField("_sequence"))
            .ingestTimeMicros(StoredValues.micros(row.getField("_ingest_time")))
            .contentType((String) row.getField("content_type"))
            .payload(bytes)
            .attributes(attributes(row.getField("attributes")));
    String key = (String) row.getField("key");
    return (key == null ? record : record.key(key)).build();
  }

  @SuppressWarnings("unchecked") // The column is a map of texts.
  private static Map<String, String> attributes(Object stored) {
    return Map.copyOf((Map<String, String>) stored);
  }

  private static Set<String> checks(Record row) {
    Set<String> checks = new HashSet<>();
    for (Object reason : (List<?>) row.getField("reasons")) {
      Object check = ((Record) reason).getField("check");
      if (check != null) {
        checks.add((String) check);
      }
    }
    return checks;
  }
}
