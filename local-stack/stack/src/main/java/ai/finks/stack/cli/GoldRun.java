package ai.finks.stack.cli;

import ai.finks.schemas.lineage.RunFacts;
import ai.finks.stack.home.FinksHome;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** One build of Gold, and what is told of it: what it was to build, on what, and how that went. */
final class GoldRun {
  private static final DateTimeFormatter ID_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd't'HHmmss").withZone(ZoneOffset.UTC);

  private final FinksHome home;
  private final Clock clock;
  private final String runId;
  private final @Nullable String correlationId;

  /**
   * @param correlationId what causes the build; null if it is its own cause
   */
  GoldRun(FinksHome home, Clock clock, @Nullable String correlationId) {
    this.home = home;
    this.clock = clock;
    this.correlationId = correlationId;
    this.runId =
        String.format(
            "%s-%08x", ID_TIME.format(clock.instant()), ThreadLocalRandom.current().nextInt());
  }

  /** Runs the build and returns its outcome. */
  interface Build<T> {
    T run(List<String> arguments) throws InterruptedException;
  }

  /**
   * Builds.
   *
   * @param select models in dbt's selection syntax, null for all
   * @param build runs {@code finks_lake} with the arguments it is given
   */
  <T> T run(@Nullable String select, RunTelling telling, Build<T> build)
      throws InterruptedException {
    List<String> arguments =
        new ArrayList<>(List.of("gold-build", "--home", home.toString(), "--run-id", runId));
    if (select != null) {
      arguments.addAll(List.of("--select", select));
    }
    Map<String, String> asked = select == null ? Map.of() : Map.of("select", select);
    RunFacts run =
        RunFacts.of(runId, "gold-build", "gold", clock.instant())
            .correlatedTo(correlationId)
            .asking(asked, List.of(), List.of());
    telling.started(run);
    boolean ended = false;
    try {
      T outcome = build.run(arguments);
      tell(telling, run);
      ended = true;
      return outcome;
    } finally {
      if (!ended) {
        telling.failed(run.ended(clock.instant(), Map.of()), "the build was broken off");
      }
    }
  }

  private void tell(RunTelling telling, RunFacts run) {
    JsonNode report = report();
    Instant now = clock.instant();
    if (!report.path("run_id").asText().equals(runId)) {
      telling.failed(run.ended(now, Map.of()), "the build did not come to its end");
      return;
    }
    List<String> reads = new ArrayList<>();
    report.path("pins").properties().forEach(pin -> reads.add(pin.getKey()));
    List<String> writes = new ArrayList<>();
    report.path("published").forEach(dataset -> writes.add(dataset.path("name").asText()));
    RunFacts ended = run.asking(run.asked(), reads, writes).ended(now, came(report));
    if (report.path("held").isEmpty()) {
      telling.completed(ended);
    } else {
      telling.failed(ended, report.path("held").size() + " tests held what was built");
    }
  }

  /** Names, verdicts, counts and snapshots: nothing that a row holds. */
  private static Map<String, Object> came(JsonNode report) {
    Map<String, Object> came = new TreeMap<>();
    for (String part : List.of("pins", "models", "published", "tests")) {
      came.put(part, CommonOptions.JSON.convertValue(report.path(part), Object.class));
    }
    List<String> held = new ArrayList<>();
    report
        .path("held")
        .forEach(one -> held.add(one.path("name").asText() + ": " + one.path("test").asText()));
    came.put("held", held);
    came.put("code_version", report.path("code_version").asText());
    return came;
  }

  private JsonNode report() {
    try {
      return CommonOptions.JSON.readTree(
          Files.readAllBytes(home.folder().resolve("dbt").resolve("report.json")));
    } catch (IOException e) {
      return CommonOptions.JSON.missingNode();
    }
  }
}
