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
  private long filtered;

  TrialSink(PayloadTrial trial, int limit) {
    this.trial = trial;
    this.limit = limit;
  }

  @Override
  public synchronized void send(RawRecord record, SendCallback callback) {
    PayloadTrial.Outcome outcome =
        trial.run(record.payload(), record.attributes(), record.ingestTimeMicros());
    records++;
    accepted += outcome.rows();
    refused += outcome.refused();
    filtered += outcome.filtered();
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

  /** Rows beyond the first of each record; less than zero where records hold none. */
  long exploded() {
    return accepted + refused + filtered - records;
  }

  /** Rows that would land or turn out to be duplicates. */
  long accepted() {
    return accepted;
  }

  /** Records, or elements of exploded ones, that would go to quarantine. */
  long refused() {
    return refused;
  }

  /** Records, or elements of exploded ones, that the binding leaves out. */
  long filtered() {
    return filtered;
  }

  ArrayNode results() {
    return results;
  }

  List<String> lines() {
    return lines;
  }

  private void show(long sequence, PayloadTrial.Outcome outcome) {
    ObjectNode result = results.addObject().put("sequence", sequence);
    if (trial.explodes()) {
      lines.add(
          String.format(
              "record %d: %,d rows, %,d refused, %,d filtered",
              sequence, outcome.rows(), outcome.refused(), outcome.filtered()));
      result.put("filtered", outcome.filtered());
      ArrayNode elements = result.putArray("elements");
      for (PayloadTrial.Element element : outcome.elements()) {
        String name = "  element " + element.element() + ": ";
        show(elements.addObject().put("element", element.element()), name, element);
      }
    } else if (outcome.elements().isEmpty()) {
      lines.add("record " + sequence + ": filtered");
      result.put("outcome", "filtered");
    } else {
      show(result, "record " + sequence + ": ", outcome.elements().get(0));
    }
    ArrayNode unknown = result.putArray("unknown_fields");
    outcome.unknownFields().forEach(unknown::add);
    if (!unknown.isEmpty()) {
      lines.add("  unknown to the binding: " + String.join(", ", outcome.unknownFields()));
    }
  }

  private void show(ObjectNode result, String name, PayloadTrial.Element element) {
    String verdict = element.row().isPresent() ? "accepted" : "refused";
    result.put("outcome", verdict);
    lines.add(name + verdict + element.period().map(period -> " into " + period).orElse(""));
    showRefusals(result.putArray("refusals"), element.refusals());
    ObjectNode row = result.putObject("row");
    element
        .row()
        .orElse(Map.of())
        .forEach(
            (column, value) -> {
              row.put(column, value);
              lines.add(String.format("  %-24s %s", column, value));
            });
    element
        .warnings()
        .ifPresent(
            warnings -> {
              result.put("warnings", warnings);
              lines.add("  warned: " + warnings);
            });
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
