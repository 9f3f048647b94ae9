package ai.finks.adapters.journal;

import ai.finks.adapters.core.IngestFailure;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a journal's events add up to. */
final class JournalState {
  private static final UnitResult NOTHING = new UnitResult(0, 0, List.of());

  private final String adapter;
  private final Map<String, String> args;
  private final Instant started;
  private final List<RunUnit> units;
  private final @Nullable Batch[] batches;
  private final @Nullable UnitResult[] results;
  private final UnitResult[] partial;
  private final long[] through;
  private long lastIngestTimeMicros;
  private boolean finished;

  JournalState(String adapter, Map<String, String> args, Instant started, List<RunUnit> units) {
    this.adapter = adapter;
    this.args = Map.copyOf(args);
    this.started = started;
    this.units = List.copyOf(units);
    this.batches = new Batch[units.size()];
    this.results = new UnitResult[units.size()];
    this.partial = new UnitResult[units.size()];
    Arrays.fill(partial, NOTHING);
    this.through = new long[units.size()];
    Arrays.fill(through, -1);
  }

  static JournalState ofPlan(JsonNode plan) {
    List<RunUnit> units = new ArrayList<>();
    for (JsonNode unit : plan.path("units")) {
      units.add(new RunUnit(unit.path("name").asText(), texts(unit.path("parameters"))));
    }
    return new JournalState(
        plan.path("adapter").asText(),
        texts(plan.path("args")),
        Instant.parse(plan.path("started").asText()),
        units);
  }

  void apply(JsonNode event) {
    int unit = event.path("unit").asInt(-1);
    switch (event.path("event").asText()) {
      case "batch" ->
          batch(
              unit,
              new Batch(
                  event.path("batch_id").asText(),
                  event.path("ingest_time").asLong(),
                  texts(event.path("attributes"))));
      case "acknowledged" -> acknowledged(unit, result(event), event.path("through").asLong());
      case "done" -> done(unit, result(event));
      case "finished" -> finished = true;
      default -> {
        // A later version may write more.
      }
    }
  }

  void batch(int unit, Batch batch) {
    batches[unit] = batch;
    lastIngestTimeMicros = Math.max(lastIngestTimeMicros, batch.ingestTimeMicros());
  }

  void acknowledged(int unit, UnitResult soFar, long sequence) {
    partial[unit] = soFar;
    through[unit] = sequence;
  }

  void done(int unit, UnitResult result) {
    results[unit] = result;
    partial[unit] = result;
  }

  void finish() {
    finished = true;
  }

  String adapter() {
    return adapter;
  }

  Map<String, String> args() {
    return args;
  }

  List<RunUnit> units() {
    return units;
  }

  @Nullable Batch batch(int unit) {
    return batches[unit];
  }

  @Nullable UnitResult result(int unit) {
    return results[unit];
  }

  UnitResult soFar(int unit) {
    return partial[unit];
  }

  long through(int unit) {
    return through[unit];
  }

  long lastIngestTimeMicros() {
    return lastIngestTimeMicros;
  }

  boolean finished() {
    return finished;
  }

  RunSummary summary(String runId, boolean running) {
    long sent = 0;
    int done = 0;
    for (int unit = 0; unit < units.size(); unit++) {
      sent += partial[unit].sent();
      done += results[unit] == null ? 0 : 1;
    }
    RunSummary.State state =
        finished
            ? RunSummary.State.FINISHED
            : running ? RunSummary.State.RUNNING : RunSummary.State.UNFINISHED;
    return new RunSummary(runId, adapter, args, state, started, sent, done, units.size());
  }

  private static UnitResult result(JsonNode event) {
    return new UnitResult(
        event.path("sent").asLong(), event.path("bytes").asLong(), failures(event.path("failed")));
  }

  private static List<IngestFailure> failures(JsonNode list) {
    List<IngestFailure> failures = new ArrayList<>();
    for (JsonNode failure : list) {
      failures.add(
          new IngestFailure(
              failure.path("unit").asText(),
              failure.path("reason").asText(),
              failure.hasNonNull("status")
                  ? Integer.valueOf(failure.get("status").asInt())
                  : null));
    }
    return failures;
  }

  private static Map<String, String> texts(JsonNode object) {
    Map<String, String> texts = new TreeMap<>();
    object.fields().forEachRemaining(field -> texts.put(field.getKey(), field.getValue().asText()));
    return texts;
  }
}
