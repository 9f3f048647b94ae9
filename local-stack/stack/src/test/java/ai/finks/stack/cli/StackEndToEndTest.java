package ai.finks.stack.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One stack that meets bad input, a bad source, a killed ingest and a dead job. */
class StackEndToEndTest {
  private static final String HEADER = "date,open,high,low,close,volume,Name\n";
  private static final long TRADING_DAYS_OF_2017 = 251;

  @TempDir static Path folder;
  private static TestStack stack;

  @BeforeAll
  static void start() {
    stack = TestStack.up(folder.resolve("home"));
  }

  @AfterAll
  static void stop() throws Exception {
    if (stack != null) {
      stack.close();
    }
  }

  @Test
  void theSameIngestAgainBringsNothingNewAndUpSaysThatItIsUp() throws Exception {
    Counts before = Counts.now();
    ingest("AAPL,MSFT");
    assertThat(stack.run("up").err()).contains("is up (pid ");
    CommandRun again = ingest("AAPL,MSFT");

    assertThat(again.err()).contains("the FMP simulator");
    Counts change = Counts.now().minus(before);
    assertThat(change)
        .isEqualTo(
            new Counts(
                4 * TRADING_DAYS_OF_2017, 2 * TRADING_DAYS_OF_2017, 0, 2 * TRADING_DAYS_OF_2017));
  }

  @Test
  void aPlantedBadRowIsQuarantinedWithItsReason() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("planted.csv"),
            HEADER
                + "2016-01-04,10.5,11,10.25,10.75,1000,PLANTED\n"
                + "2016-01-05,10.5,11,10.75,10.25,1000,PLANTED\n"
                + "2016-01-06,10.5,11,10.25,10.75,1000,PLANTED\n");
    Counts before = Counts.now();

    stack.done(
        "ingest", "files", "--binding", "files.bars", "--run-id", "planted", file.toString());

    assertThat(Counts.now().minus(before)).isEqualTo(new Counts(3, 2, 1, 0));
    String listed = outputOf("quarantine", "list", "--run", "planted");
    assertThat(listed).contains("CHECK_FAILED", "range-holds-prices", "PLANTED");
    String coordinate = listed.replaceAll("(?s).*(files\\.bars\\.raw\\.v1:\\d+:\\d+:\\d+).*", "$1");
    assertThat(outputOf("quarantine", "show", coordinate))
        .contains("CHECK_FAILED", "planted.csv")
        .doesNotContain("2016-01-05");
  }

  @Test
  void confluentsPythonClientAndFinksReadWhatTheOtherWrites() throws Exception {
    ConfluentClient confluent = ConfluentClient.beside(stack);
    String ours = "2016-01-04,10.5,11,10.25,10.75,1000,OURS";
    Path file = Files.writeString(folder.resolve("ours.csv"), HEADER + ours + "\n");
    stack.done("ingest", "files", "--binding", "files.bars", "--run-id", "ours", file.toString());
    Counts before = Counts.now();

    confluent.send(
        "fmp.bars.raw.v1",
        "{\"symbol\":\"THEIRS\",\"date\":\"2016-01-04\",\"open\":10.5,\"high\":11,\"low\":1,\"close\":2,\"volume\":7}",
        "{\"symbol\":\"THEIRS\",\"date\":\"2016-01-05\",\"open\":10.5,\"high\":1,\"low\":1,\"close\":2,\"volume\":7}");

    assertThat(Counts.now().minus(before)).isEqualTo(new Counts(2, 1, 1, 0));
    assertThat(outputOf("quarantine", "list", "--run", ConfluentClient.RUN))
        .contains("range-holds-prices");
    assertThat(confluent.read("files.bars.raw.v1"))
        .extracting(r -> r.path("run_id").asText(), r -> r.path("payload").asText())
        .contains(tuple("ours", ours));
    assertThat(confluent.read("bars.v1"))
        .extracting(r -> r.path("symbol").asText(), r -> r.path("high").asText())
        .contains(tuple("OURS", "decimal 11.000000"), tuple("THEIRS", "decimal 11.000000"));
  }

  @Test
  void payloadsThatNobodyCanReadAreQuarantinedAndStallNothing() throws Exception {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    lines.writeBytes(utf8("{\"symbol\":\"BAD\",\"date\":\"2016-01-04\",\"op\n"));
    lines.writeBytes(utf8("{\"symbol\":\"B"));
    lines.write(0xFF);
    lines.writeBytes(utf8("D\",\"date\":\"2016-01-04\"}\n"));
    lines.writeBytes(
        utf8("{\"symbol\":\"BAD\",\"x\":" + "[".repeat(50_000) + "]".repeat(50_000) + "}\n"));
    lines.writeBytes(utf8("{\"symbol\":\"BAD\",\"note\":\"" + "x".repeat(10_000_000) + "\"}\n"));
    lines.writeBytes(
        utf8("{\"symbol\":\"BAD\",\"date\":20160104,\"open\":\"abc\",\"high\":[1]}\n"));
    lines.writeBytes(utf8("{}\n"));
    lines.writeBytes(
        utf8(
            "{\"symbol\":\"BAD\",\"date\":\"2016-01-04\",\"open\":1,\"high\":2,\"low\":1,\"close\":2,\"volume\":3,\"unknown\":{}}\n"));
    Path file = Files.write(folder.resolve("bad.ndjson"), lines.toByteArray());
    Counts before = Counts.now();

    stack.done(
        "ingest", "files", "--binding", "fmp.bars", "--run-id", "unreadable", file.toString());
    assertThat(Counts.now().minus(before)).isEqualTo(new Counts(7, 1, 6, 0));
    stack.done("produce", "fmp.bars", file.toString());
    assertThat(Counts.now().minus(before)).isEqualTo(new Counts(14, 1, 12, 1));

    assertThat(outputOf("quarantine", "list", "--run", "unreadable"))
        .contains(
            "PAYLOAD_MALFORMED",
            "PAYLOAD_NOT_UTF8",
            "PAYLOAD_TOO_DEEP",
            "PAYLOAD_TOO_LARGE",
            "TYPE_MISMATCH",
            "FIELD_MISSING");
  }

  @Test
  void filesThatAreNotWhatTheirNamesSayAreReportedAndTheOthersTaken() throws Exception {
    Path empty = Files.writeString(folder.resolve("empty.csv"), "");
    Path page = Files.writeString(folder.resolve("page.csv"), "<!DOCTYPE html><html></html>\n");
    Path json = Files.writeString(folder.resolve("json.csv"), "[{\"date\":\"2016-01-04\"}]");
    Path zst = Files.writeString(folder.resolve("text.csv.zst"), "not compressed\n");
    Path good =
        Files.writeString(
            folder.resolve("good.csv"), HEADER + "2016-01-04,10.5,11,10.25,10.75,1000,GOOD\n");
    Counts before = Counts.now();

    CommandRun run =
        stack.run(
            "ingest",
            "files",
            "--binding",
            "files.bars",
            empty.toString(),
            page.toString(),
            json.toString(),
            zst.toString(),
            good.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains(
            "empty.csv: is empty", "page.csv: is HTML", "json.csv: is a JSON", "text.csv.zst: ");
    assertThat(Counts.now().minus(before)).isEqualTo(new Counts(1, 1, 0, 0));
  }

  @Test
  void anUnknownSymbolIsReportedAndStopsNoOther() throws Exception {
    Counts before = Counts.now();

    CommandRun run = stack.run(bars("BA,NOSUCH,CAT", "unknown"));

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("failed: NOSUCH: no data");
    assertThat(Counts.now().minus(before)).isEqualTo(new Counts(502, 502, 0, 0));
  }

  @Test
  void aSourceThatFailsHalfOfTheTimeChangesNothingButTheTime() throws Exception {
    Counts before = Counts.now();
    stack.faults(
        "{\"seed\":11,\"retryAfterSeconds\":0,"
            + "\"probabilities\":{\"TOO_MANY_REQUESTS\":0.25,\"SERVER_ERROR\":0.25}}");

    ingest("GE,F,IBM,INTC,KO,PEP,PFE,XOM");

    JsonNode statuses = stack.simulatorStatistics().path("byStatus");
    stack.faults("{}");
    assertThat(statuses.path("429").asLong()).isPositive();
    assertThat(statuses.path("500").asLong()).isPositive();
    long expected = 8 * TRADING_DAYS_OF_2017;
    assertThat(Counts.now().minus(before)).isEqualTo(new Counts(expected, expected, 0, 0));
  }

  @Test
  void aKilledIngestIsListedAndGoesOnWithItsRunId() throws Exception {
    Counts before = Counts.now();
    stack.faults("{\"probabilities\":{\"SLOW\":1},\"slowMillis\":1500}");
    Process ingest = stack.launch(bars("WMT,T,VZ,MRK,JNJ,PG,MMM,HD", "killed"));
    try {
      await()
          .atMost(TestStack.PATIENCE)
          .pollInterval(Duration.ofMillis(200))
          .until(
              () -> !ingest.isAlive() || stack.statusOf("killed").path("units_done").asInt() > 0);
      assertThat(ingest.isAlive()).isTrue();
    } finally {
      ingest.destroyForcibly().waitFor();
    }

    JsonNode run = stack.statusOf("killed");
    assertThat(run.path("state").asText()).isEqualTo("unfinished");
    assertThat(run.path("resume").asText()).contains("ingest --run-id killed");
    stack.faults("{}");
    stack.done("ingest", "--run-id", "killed");

    Counts change = Counts.now().minus(before);
    assertThat(change.silver()).isEqualTo(8 * TRADING_DAYS_OF_2017);
    assertThat(change.read()).isEqualTo(change.silver() + change.duplicates());
    assertThat(stack.statusOf("killed").path("state").asText()).isEqualTo("finished");
  }

  @Test
  void aDeadJobEndsTheWaitAndUpSaysSoAndANewStackGoesOn() throws Exception {
    Counts before = Counts.now();
    stack.cancelJob("silver");
    ingest("DIS");

    CommandRun wait = stack.run("wait");
    assertThat(wait.exitCode()).isEqualTo(3);
    assertThat(wait.err()).contains("silver job is canceled", "./finks down");
    assertThat(stack.run("up").exitCode()).isEqualTo(3);
    assertThat(stack.run("status").exitCode()).isEqualTo(3);

    stack.done("down");
    stack.done("up");
    assertThat(Counts.now().minus(before))
        .isEqualTo(new Counts(TRADING_DAYS_OF_2017, TRADING_DAYS_OF_2017, 0, 0));
  }

  @Test
  void lostRowsOfASealedMonthComeBackByReplayAndAnotherOneChangesNothing() throws Exception {
    ingest("NKE");
    stack.barsAfterWait();
    LostRows.seal(folder.resolve("home"));
    String hash = stack.barsHash();
    long lost = LostRows.ofBars(folder.resolve("home"), "2017", "03");
    assertThat(stack.barsHash()).isNotEqualTo(hash);

    JsonNode plan = stack.json(march("--dry-run"));
    JsonNode replayed = stack.json(march());

    assertThat(plan.path("origin").asText()).isEqualTo("stream");
    assertThat(plan.path("periods").findValuesAsText("period")).containsExactly("2017-03");
    assertThat(plan.path("periods").findValuesAsText("mode")).containsExactly("replace");
    assertThat(replayed.path("published").asBoolean()).isTrue();
    assertThat(replayed.path("rows").path("added").asLong()).isEqualTo(lost);
    assertThat(replayed.path("audit").path("balanced").asBoolean()).isTrue();
    assertThat(stack.barsHash()).isEqualTo(hash);
    JsonNode bronze = stack.json(march("--origin", "bronze"));
    assertThat(bronze.path("origin").asText()).isEqualTo("bronze");
    assertThat(bronze.path("state").asText()).isEqualTo("unchanged");
    assertThat(bronze.path("rows").path("unchanged").asLong()).isGreaterThan(lost);
    assertThat(lineage(replayed.path("replay_id").asText(), "wrote silver.bars_versions"))
        .contains("outcome=START", "outcome=COMPLETE", "\"added\":" + lost);
    assertThat(lineage(bronze.path("replay_id").asText(), "outcome=COMPLETE"))
        .contains("\"state\":\"unchanged\"")
        .doesNotContain("\nwrote ");
  }

  /** What the lineage store says of a run once it has something. */
  private static String lineage(String run, String something) {
    return await()
        .atMost(TestStack.PATIENCE)
        .until(
            () -> stack.run("lineage", "run", run).out().replaceAll(" +", " "),
            told -> told.contains(something));
  }

  private static String[] march(String... options) {
    List<String> command =
        new java.util.ArrayList<>(
            List.of("replay", "bars", "--from", "2017-03-01", "--to", "2017-03-31"));
    command.addAll(List.of(options));
    return command.toArray(new String[0]);
  }

  @Test
  void aBackfillBringsInThePastByChunksAndGoesOnWhereItWas() throws Exception {
    Counts before = Counts.now();
    String[] backfill = {
      "backfill",
      "fmp.bars",
      "--from",
      "2016-01-01",
      "--to",
      "2016-03-31",
      "--chunk-days",
      "50",
      "--parallel",
      "2",
      "--symbols",
      "NKE,NOSUCH",
      "--json"
    };

    CommandRun run = stack.run(backfill);
    JsonNode done = new ObjectMapper().readTree(run.out());
    JsonNode first = done.path("chunks");
    Counts brought = Counts.now().minus(before);
    JsonNode again = new ObjectMapper().readTree(stack.run(backfill).out()).path("chunks");

    assertThat(run.exitCode()).as(run.err()).isEqualTo(1);
    assertThat(run.err()).contains("failed: NOSUCH: no data");
    assertThat(first).hasSize(2);
    assertThat(first.findValuesAsText("state")).containsOnly("unchanged");
    assertThat(first.findValuesAsText("balanced")).containsOnly("true");
    assertThat(brought.silver()).isEqualTo(61);
    assertThat(again).isEqualTo(first);
    assertThat(Counts.now().minus(before)).isEqualTo(brought);
    String id = done.path("backfill_id").asText();
    assertThat(lineage(id, "outcome=FAIL")).contains("outcome=START");
    for (JsonNode chunk : first) {
      assertThat(lineage(chunk.path("run_id").asText(), "came")).contains("correlation_id=" + id);
      assertThat(lineage(chunk.path("replay_id").asText(), "outcome=COMPLETE"))
          .contains("correlation_id=" + id);
    }
  }

  private static CommandRun ingest(String symbols) {
    return stack.done(bars(symbols, null));
  }

  private static String[] bars(String symbols, @org.jspecify.annotations.Nullable String runId) {
    List<String> command =
        new java.util.ArrayList<>(
            List.of(
                "ingest",
                "fmp.bars",
                "--parallel",
                "1",
                "--symbols",
                symbols,
                "--from",
                "2017-01-01",
                "--to",
                "2017-12-31"));
    if (runId != null) {
      command.addAll(List.of("--run-id", runId));
    }
    return command.toArray(new String[0]);
  }

  /** Python writes past this JVM, so the command runs in one of its own. */
  private static String outputOf(String... command) throws Exception {
    Process process = stack.launch(command);
    assertThat(process.waitFor()).isZero();
    return stack.launchedOutput();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Where the bars went, when all that was sent is committed. */
  private record Counts(long read, long silver, long quarantine, long duplicates) {
    static Counts now() throws IOException {
      JsonNode bars = stack.barsAfterWait();
      return new Counts(
          bars.path("read").asLong(),
          bars.path("silver").asLong(),
          bars.path("quarantine").asLong(),
          bars.path("duplicates").asLong());
    }

    Counts minus(Counts other) {
      return new Counts(
          read - other.read,
          silver - other.silver,
          quarantine - other.quarantine,
          duplicates - other.duplicates);
    }
  }
}
