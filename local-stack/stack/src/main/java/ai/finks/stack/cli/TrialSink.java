package ai.finks.stack.cli;

import ai.finks.client.RawSink;
import ai.finks.client.SendCallback;
import ai.finks.flink.silver.core.PayloadTrial;
import ai.finks.flink.silver.core.Refusal;
import ai.finks.schemas.raw.RawRecord;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A sink that tries each record at once, counts, and remembers the first results. */
final class TrialSink implements RawSink {
  private final PayloadTrial trial;
  private final int limit;
  private final ArrayNode results = CommonOptions.JSON.createArrayNode();
  private final List<String> lines = new ArrayList<>();
  private long records;
  private long accepted;
  private long refused;

  TrialSink(PayloadTrial trial, int limit) {
    this.trial = trial;
    this.limit = limit;
  }

  @Override
  public synchronized void send(RawRecord record, SendCallback callback) {
    PayloadTrial.Outcome outcome = trial.run(record.payload(), record.attributes());
    records++;
    if (!outcome.refusals().isEmpty()) {
      refused++;
    } else if (outcome.row().isPresent()) {
      accepted++;
    }
    if (results.size() < limit) {
      show(record.sequence(), outcome);
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

  /** Records that the binding leaves out. */
  long filtered() {
    return records - accepted - refused;
  }

  ArrayNode results() {
    return results;
  }

  List<String> lines() {
    return lines;
  }

  private void show(long sequence, PayloadTrial.Outcome outcome) {
    String verdict =
        !outcome.refusals().isEmpty()
            ? "refused"
            : outcome.row().isPresent() ? "accepted" : "filtered";
    ObjectNode result = results.addObject().put("sequence", sequence).put("outcome", verdict);
    lines.add(
        "record " + sequence + ": " + verdict + outcome.period().map(p -> " into " + p).orElse(""));
    showRefusals(result.putArray("refusals"), outcome.refusals());
    ObjectNode row = result.putObject("row");
    outcome
        .row()
        .orElse(Map.of())
        .forEach(
            (column, value) -> {
              row.put(column, value);
              lines.add(String.format("  %-24s %s", column, value));
            });
    outcome
        .warnings()
        .ifPresent(
            warnings -> {
              result.put("warnings", warnings);
              lines.add("  warned: " + warnings);
            });
    ArrayNode unknown = result.putArray("unknown_fields");
    outcome.unknownFields().forEach(unknown::add);
    if (!unknown.isEmpty()) {
      lines.add("  unknown to the binding: " + String.join(", ", outcome.unknownFields()));
    }
  }

  private void showRefusals(ArrayNode array, List<Refusal> refusals) {
    for (Refusal refusal : refusals) {
      array
          .addObject()
          .put("code", refusal.code().name())
          .put("field", refusal.field())
          .put("shape", refusal.shape())
          .put("check", refusal.check());
      lines.add("  " + refusal);
    }
  }
}
