package ai.finks.stack.cli;

import ai.finks.client.RawSink;
import ai.finks.client.SendCallback;
import ai.finks.flink.silver.core.Column;
import ai.finks.flink.silver.core.PiiKeys;
import ai.finks.flink.silver.core.Refined;
import ai.finks.flink.silver.core.Refusal;
import ai.finks.flink.silver.core.SilverPlan;
import ai.finks.flink.silver.core.SilverRow;
import ai.finks.schemas.binding.Binding;
import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.raw.RawRecord;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A sink that refines each record at once and remembers the first results. */
final class TrialSink implements RawSink {
  private final SilverPlan plan;
  private final Refined refined;
  private final int limit;
  private final ArrayNode results = CommonOptions.JSON.createArrayNode();
  private final List<String> lines = new ArrayList<>();
  private long records;
  private long accepted;
  private long refused;
  private long filtered;

  TrialSink(Contract contract, Binding binding, int limit) {
    this.plan = SilverPlan.compile(contract, List.of(binding), throwAwayKeys(contract));
    this.refined = plan.newRefined();
    this.limit = limit;
  }

  @Override
  public synchronized void send(RawRecord record, SendCallback callback) {
    plan.refine(record, refined);
    records++;
    if (refined.isRefused()) {
      refused++;
    } else if (refined.filtered()) {
      filtered++;
    } else {
      accepted++;
    }
    if (results.size() < limit) {
      show(record);
    }
    callback.completed(null);
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}

  long records() {
    return records;
  }

  long accepted() {
    return accepted;
  }

  long refused() {
    return refused;
  }

  long filtered() {
    return filtered;
  }

  ArrayNode results() {
    return results;
  }

  List<String> lines() {
    return lines;
  }

  private void show(RawRecord record) {
    ObjectNode result = results.addObject().put("sequence", record.sequence());
    String outcome = refined.isRefused() ? "refused" : refined.filtered() ? "filtered" : "accepted";
    result.put("outcome", outcome);
    lines.add("record " + record.sequence() + ": " + outcome);
    ArrayNode refusals = result.putArray("refusals");
    for (Refusal refusal : refined.refusals()) {
      refusals
          .addObject()
          .put("code", refusal.code().name().toLowerCase(Locale.ROOT))
          .put("field", refusal.field())
          .put("shape", refusal.shape())
          .put("check", refusal.check());
      lines.add("  " + refusal);
    }
    ArrayNode rows = result.putArray("rows");
    for (SilverRow row : refined.rows()) {
      ObjectNode shown = row(row);
      rows.add(shown);
      shown
          .fields()
          .forEachRemaining(
              entry ->
                  lines.add(
                      String.format("  %-24s %s", entry.getKey(), entry.getValue().asText())));
    }
    if (!refined.unknownFields().isEmpty()) {
      ArrayNode unknown = result.putArray("unknown_fields");
      refined.unknownFields().forEach(unknown::add);
      lines.add("  unknown to the binding: " + refined.unknownFields());
    }
  }

  private ObjectNode row(SilverRow row) {
    ObjectNode shown = CommonOptions.JSON.createObjectNode();
    for (Column column : plan.columns()) {
      int index = column.index();
      if (row.isNull(index)) {
        shown.putNull(column.name());
        continue;
      }
      switch (column.type().kind()) {
        case STRING -> shown.put(column.name(), row.text(index));
        case BOOLEAN -> shown.put(column.name(), row.number(index) != 0);
        case INT, LONG -> shown.put(column.name(), row.number(index));
        case DATE -> shown.put(column.name(), LocalDate.ofEpochDay(row.number(index)).toString());
        case TIMESTAMP ->
            shown.put(
                column.name(), Instant.EPOCH.plus(row.number(index), ChronoUnit.MICROS).toString());
        case DECIMAL -> shown.put(column.name(), decimal(row, column));
      }
    }
    if (row.warnings() != null) {
      shown.put("_warnings", row.warnings());
    }
    return shown;
  }

  private static String decimal(SilverRow row, Column column) {
    BigDecimal value =
        column.type().isWide()
            ? row.wide(column.index())
            : BigDecimal.valueOf(row.number(column.index()), column.type().scale());
    return value == null ? "" : value.toPlainString();
  }

  private static PiiKeys throwAwayKeys(Contract contract) {
    Map<String, byte[]> keys = new HashMap<>();
    SecureRandom random = new SecureRandom();
    for (String name : PiiKeys.namesFor(contract)) {
      byte[] key = new byte[PiiKeys.MIN_KEY_BYTES];
      random.nextBytes(key);
      keys.put(name, key);
    }
    return PiiKeys.of(keys);
  }
}
