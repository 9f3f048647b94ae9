package ai.finks.adapters.fmp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import ai.finks.adapters.IngestContext;
import ai.finks.adapters.IngestListener;
import ai.finks.adapters.IngestReport;
import ai.finks.adapters.RawStream;
import ai.finks.adapters.RecordingSink;
import ai.finks.adapters.core.IngestFailure;
import ai.finks.adapters.fmp.FakeFmp.Answer;
import ai.finks.adapters.journal.RunJournal;
import ai.finks.adapters.journal.RunRefusedException;
import ai.finks.adapters.journal.RunSummary;
import ai.finks.adapters.secret.Secret;
import ai.finks.client.RawSinkException;
import ai.finks.schemas.raw.RawRecord;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FmpAdapterTest {
  static final String KEY = "k3y-that-nobody-may-see-0123456789";
  private static final LocalDate FROM = LocalDate.of(2024, 1, 1);
  private static final LocalDate TO = LocalDate.of(2024, 1, 31);

  @TempDir Path home;
  private final RecordingSink sink = new RecordingSink();

  @Test
  void everyElementIsSentWithItsExactTextAndWhereItCameFrom() throws Exception {
    String first = "{ \"symbol\":\"AAPL\", \"close\": 1.50 }";
    String second = "{\"symbol\":\"AAPL\",\"close\":2.0,\"n\":\"\\u00e9 é\"}";
    IngestReport report;
    try (FakeFmp fmp =
        new FakeFmp(
            (symbol, attempt) -> Answer.of(200, "[\n" + first + " ,\n" + second + "\n]\n"))) {
      report = run(fmp, "run-1", bars("AAPL"), sink);
      assertThat(fmp.calls)
          .containsExactly(
              "/stable/historical-price-eod/full?from=2024-01-01&symbol=AAPL&to=2024-01-31");
      assertThat(fmp.keys).containsExactly(KEY);
    }

    assertThat(report.failed()).isEmpty();
    assertThat(report.exitCode()).isZero();
    assertThat(report.sent()).isEqualTo(2);
    assertThat(report.bytes()).isEqualTo(first.length() + second.getBytes(UTF_8).length);
    assertThat(sink.records())
        .extracting(record -> new String(record.payload(), UTF_8))
        .containsExactly(first, second);
    assertThat(sink.records()).extracting(RawRecord::sequence).containsExactly(0L, 1L);
    RawRecord record = sink.records().get(0);
    assertThat(record.runId()).isEqualTo("run-1");
    assertThat(record.batchId()).isEqualTo("run-1-000000");
    assertThat(record.source()).isEqualTo("fmp");
    assertThat(record.entity()).isEqualTo("bars");
    assertThat(record.key()).isEqualTo("AAPL");
    assertThat(record.attributes())
        .containsEntry("symbol", "AAPL")
        .containsEntry("from", "2024-01-01")
        .containsEntry("to", "2024-01-31")
        .containsEntry("http_status", "200")
        .containsEntry("http_path", "/stable/historical-price-eod/full")
        .containsKey("http_date");
  }

  @Test
  void whatIsRefusedIsReportedPerSymbolAndStopsNothingElse() throws Exception {
    FakeFmp.Script script =
        (symbol, attempt) ->
            switch (symbol) {
              case "GONE" -> Answer.of(404, "{\"Error Message\":\"Not found\"}");
              case "PAID" -> Answer.of(402, "{\"Error Message\":\"Premium\\nplan\"}");
              case "WORDS" -> Answer.of(200, "{\"Error Message\":\"No such thing\"}");
              case "MOVED" -> Answer.of(302, "").header("Location", "http://127.0.0.1:1/");
              case "NONE" -> Answer.of(200, "[ ]");
              default -> Answer.of(200, "[{\"symbol\":\"" + symbol + "\"}]");
            };
    IngestReport report;
    try (FakeFmp fmp = new FakeFmp(script)) {
      report = run(fmp, "run-1", bars("A", "GONE", "PAID", "WORDS", "MOVED", "NONE", "B"), sink);
      assertThat(fmp.calls).hasSize(8);
    }

    assertThat(report.failed())
        .extracting(IngestFailure::unit, IngestFailure::reason, IngestFailure::status)
        .containsExactly(
            tuple("GONE", "answered 404: Not found", 404),
            tuple("PAID", "answered 402: Premium plan", 402),
            tuple("WORDS", "answered 200 with an error: No such thing", 200),
            tuple("MOVED", "answered 302", 302),
            tuple("NONE", "no data", 200));
    assertThat(report.exitCode()).isEqualTo(1);
    assertThat(report.finished()).isTrue();
    assertThat(sink.records()).extracting(RawRecord::key).containsExactlyInAnyOrder("A", "B");
  }

  @Test
  void aSymbolHasNoDataOnlyIfNoneOfItsChunksHas() throws Exception {
    FmpRequest request =
        FmpRequest.of(
            FmpRequest.Entity.BARS,
            Map.of(
                "symbols",
                "OLD NEW",
                "from",
                "2024-01-01",
                "to",
                "2024-01-31",
                "chunk-days",
                "10"));
    IngestReport report;
    try (FakeFmp fmp =
        new FakeFmp((symbol, attempt) -> Answer.of(200, symbol.equals("NEW") ? "[{}]" : "[]"))) {
      report = run(fmp, "run-1", request, sink);
      assertThat(fmp.calls).hasSize(9);
    }
    assertThat(report.failed()).extracting(IngestFailure::unit).containsExactly("OLD");
    assertThat(report.sent()).isEqualTo(4);
  }

  static Stream<Answer> passingFaults() {
    String whole = "[{\"symbol\":\"A\",\"n\":1},{\"symbol\":\"A\",\"n\":2}]";
    return Stream.of(
        Answer.of(429, "{\"Error Message\":\"Limit Reach\"}").header("Retry-After", "0"),
        Answer.of(429, "").header("Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT"),
        Answer.of(500, "{\"Error Message\":\"oops\"}"),
        Answer.of(503, "<html>busy</html>"),
        Answer.of(200, "<!DOCTYPE html><html>maintenance</html>"),
        Answer.of(200, "{\"Error Message\":\"Limit Reach . Please upgrade\"}"),
        Answer.of(200, ""),
        Answer.of(200, "[{\"a\":1}"),
        Answer.of(200, "[{\"a\":1}]]"),
        Answer.of(200, whole).cutAt(24),
        Answer.of(200, whole).cutAt(whole.length() - 1),
        Answer.of(200, whole).hangingAt(24));
  }

  @ParameterizedTest
  @MethodSource("passingFaults")
  void aFaultThatPassesChangesNothing(Answer fault) throws Exception {
    IngestReport report;
    try (FakeFmp fmp =
        new FakeFmp(
            (symbol, attempt) ->
                attempt <= 2 ? fault : Answer.of(200, "[{\"symbol\":\"A\"},{\"symbol\":\"A\"}]"))) {
      report = run(fmp, "run-1", bars("A"), sink);
      assertThat(fmp.calls).hasSize(3);
    }
    assertThat(report.failed()).isEmpty();
    assertThat(sink.records()).hasSize(2);
  }

  @Test
  void aFaultThatStaysIsReportedAndTheSameRunIdTriesItAgain() throws Exception {
    try (FakeFmp fmp =
        new FakeFmp(
            (symbol, attempt) ->
                symbol.equals("BAD") && attempt <= 4
                    ? Answer.of(500, "{\"Error Message\":\"oops\"}")
                    : Answer.of(200, "[{\"symbol\":\"" + symbol + "\"}]"))) {
      Map<String, String> settings = Map.of("retry.max-attempts", "4");
      IngestReport first = run(fmp, "run-1", bars("A", "BAD", "C"), sink, settings);
      assertThat(first.failed())
          .containsExactly(new IngestFailure("BAD", "answered 500: oops", 500));
      assertThat(first.finished()).isFalse();
      assertThat(first.exitCode()).isEqualTo(1);

      IngestReport second = run(fmp, "run-1", bars("A", "BAD", "C"), sink, settings);

      assertThat(second.failed()).isEmpty();
      assertThat(second.sent()).isEqualTo(1);
      assertThat(second.sentBefore()).isEqualTo(2);
      assertThat(second.exitCode()).isZero();
    }
    assertThat(sink.records())
        .extracting(RawRecord::key)
        .containsExactlyInAnyOrder("A", "BAD", "C");
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 200})
  void aRefusedKeyEndsTheExecutionAndIsSaid(int status) throws Exception {
    String[] symbols = IntStream.range(0, 50).mapToObj(i -> "S" + i).toArray(String[]::new);
    try (FakeFmp fmp =
        new FakeFmp(
            (symbol, attempt) ->
                Answer.of(status, "{\"Error Message\":\"Invalid API KEY " + KEY + "\"}"))) {
      IngestReport report = run(fmp, "run-1", bars(symbols), sink);

      assertThat(fmp.calls).hasSizeLessThan(10);
      assertThat(report.failed()).hasSize(50);
      assertThat(report.failed().get(0).reason()).contains("Invalid API KEY ***");
      assertThat(report.failed().get(49).reason()).contains("not tried: the API key was refused");
      assertThat(report.toString()).doesNotContain(KEY);
      assertThat(report.finished()).isFalse();
    }
    try (FakeFmp fmp = new FakeFmp((symbol, attempt) -> Answer.of(200, "[{}]"))) {
      assertThat(run(fmp, "run-1", bars(symbols), sink).sent()).isEqualTo(50);
    }
  }

  @ParameterizedTest
  @CsvSource({"BAD BEGUN LAST, BAD BEGUN LAST", "BAD BAD2 DONE BEGUN LAST, BAD BAD2 BEGUN LAST"})
  void whatIsNotTriedIsReportedAndWhatIsDoneIsNot(String symbols, String reported)
      throws Exception {
    Map<String, String> oneByOne = Map.of("parallel", "1", "retry.max-attempts", "1");
    FmpRequest request = bars(symbols.split(" "));
    try (FakeFmp fmp =
        new FakeFmp(
            (symbol, attempt) ->
                switch (symbol) {
                  case "BAD", "BAD2" -> Answer.of(500, "");
                  case "BEGUN" -> quotes(symbol, 50, new Random(1));
                  default -> Answer.of(200, "[{}]");
                })) {
      // The sink acknowledges 20 records behind: by then DONE is done.
      RecordingSink breaking = new RecordingSink().breakingAfter(30);
      assertThatThrownBy(() -> run(fmp, "run-1", request, breaking, oneByOne))
          .isInstanceOf(RawSinkException.class);
    }
    try (FakeFmp fmp = new FakeFmp((symbol, attempt) -> Answer.of(401, ""))) {
      IngestReport report = run(fmp, "run-1", request, sink, oneByOne);

      assertThat(report.failed())
          .extracting(IngestFailure::unit)
          .containsExactly(reported.split(" "));
    }
  }

  @Test
  void aServiceThatIsDownEndsTheExecutionAndTheRunGoesOnLater() throws Exception {
    Map<String, String> settings =
        Map.of(
            "retry.give-up-after", "PT0.05S",
            "retry.max-attempts", "1000",
            "retry.breaker-failures", "3",
            "retry.breaker-pause", "PT0.01S");
    String[] symbols = IntStream.range(0, 20).mapToObj(i -> "S" + i).toArray(String[]::new);
    try (FakeFmp fmp = new FakeFmp((symbol, attempt) -> Answer.of(503, "down"))) {
      IngestReport report = run(fmp, "run-1", bars(symbols), sink, settings);
      assertThat(report.failed()).hasSize(20);
      assertThat(report.failed())
          .extracting(IngestFailure::reason)
          .anyMatch(reason -> reason.contains("no call was answered well for"))
          .anyMatch(reason -> reason.contains("not tried: the service is down"));
      assertThat(RunJournal.list(home))
          .extracting(RunSummary::state)
          .containsExactly(RunSummary.State.UNFINISHED);
    }
    try (FakeFmp fmp = new FakeFmp((symbol, attempt) -> Answer.of(200, "[{}]"))) {
      assertThat(run(fmp, "run-1", bars(symbols), sink).exitCode()).isZero();
    }
  }

  @Test
  void aSymbolThatHasAQuoteIsKnownAlsoWithoutBarsInTheRange() throws Exception {
    FakeFmp.PathScript script =
        (path, symbol) ->
            Answer.of(200, path.endsWith("/quote") && symbol.equals("AAPL") ? "[{}]" : "[]");
    try (FakeFmp fmp = FakeFmp.byPath(script)) {
      IngestReport report = run(fmp, "run-1", bars("AAPL", "NOSUCH"), sink);
      IngestReport again = run(fmp, "run-1", bars("AAPL", "NOSUCH"), sink);

      assertThat(report.failed())
          .extracting(IngestFailure::unit, IngestFailure::reason)
          .containsExactly(tuple("NOSUCH", "no data"));
      assertThat(report.sent()).isZero();
      assertThat(again.failed()).isEqualTo(report.failed());
      assertThat(fmp.calls).hasSize(4);
      assertThat(run(fmp, "run-2", bars("AAPL"), sink).exitCode()).isZero();
    }
  }

  @Test
  void aLongerPauseThanAnExecutionWaitsEndsItAndSaysSo() throws Exception {
    FakeFmp.Script script =
        (symbol, attempt) ->
            attempt == 1
                ? Answer.of(429, "").header("Retry-After", "3600")
                : Answer.of(200, "[{}]");
    Map<String, String> oneByOne = Map.of("parallel", "1");
    try (FakeFmp fmp = new FakeFmp(script)) {
      IngestReport report = run(fmp, "run-1", bars("A", "B"), sink, oneByOne);

      assertThat(fmp.calls).hasSize(1);
      assertThat(report.finished()).isFalse();
      assertThat(report.failed())
          .extracting(IngestFailure::unit, IngestFailure::reason)
          .containsExactly(
              tuple("A", "answered 429; it asks to wait PT1H, longer than retry.max-pause = PT5M"),
              tuple(
                  "B",
                  "not tried: the service asks for a long pause; run the same run id again after"
                      + " it"));
    }
  }

  @Test
  void retryAfterHoldsForAllThreads() throws Exception {
    long began;
    List<Long> answered = new ArrayList<>();
    try (FakeFmp fmp =
        new FakeFmp(
            (symbol, attempt) -> {
              if (symbol.equals("FIRST") && attempt == 1) {
                return Answer.of(429, "").header("Retry-After", "1");
              }
              synchronized (answered) {
                answered.add(System.nanoTime());
              }
              return Answer.of(200, "[{}]");
            })) {
      began = System.nanoTime();
      run(fmp, "run-1", bars("FIRST", "B", "C"), sink, Map.of("parallel", "1"));
    }
    assertThat(answered).hasSize(3).allMatch(at -> at - began >= 1_000_000_000L);
  }

  @Test
  void callsPerMinuteHoldForAllThreadsTogether() throws Exception {
    try (FakeFmp fmp = new FakeFmp((symbol, attempt) -> Answer.of(200, "[{}]"))) {
      long began = System.nanoTime();
      run(
          fmp,
          "run-1",
          bars("A", "B", "C", "D", "E", "F"),
          sink,
          Map.of("calls-per-minute", "600", "parallel", "6"));
      assertThat(System.nanoTime() - began).isGreaterThan(480_000_000L);
    }
  }

  @Test
  void anElementThatCannotBeSentIsReportedAndTheOthersAreSent() throws Exception {
    String large = "{\"x\":\"" + "y".repeat(500) + "\"}";
    String huge = "{\"x\":\"" + "y".repeat(5000) + "\"}";
    String leak = "{\"url\":\"?apikey=" + KEY + "\"}";
    IngestReport report;
    try (FakeFmp fmp =
        new FakeFmp(
            (symbol, attempt) ->
                Answer.of(200, "[{}," + large + "," + huge + "," + leak + ",{}]"))) {
      report =
          run(fmp, "run-1", bars("A"), sink.refusingOver(400), Map.of("max-element-bytes", "1000"));
    }
    assertThat(report.sent()).isEqualTo(2);
    assertThat(sink.records()).extracting(RawRecord::sequence).containsExactly(0L, 4L);
    assertThat(report.failed())
        .extracting(IngestFailure::unit)
        .containsExactly("A element 1", "A element 2", "A element 3");
    assertThat(report.failed().get(0).reason()).contains("max.message.bytes");
    assertThat(report.failed().get(1).reason()).contains("max-element-bytes");
    assertThat(report.failed().get(2).reason()).contains("API key");
    assertThat(report.toString()).doesNotContain(KEY);
  }

  @Test
  void aFinishedRunDoesNothingAndSaysAgainWhatFailed() throws Exception {
    try (FakeFmp fmp =
        new FakeFmp((symbol, attempt) -> Answer.of(200, symbol.equals("A") ? "[{}]" : "[]"))) {
      IngestReport first = run(fmp, "run-1", bars("A", "X"), sink);
      IngestReport second = run(fmp, "run-1", bars("A", "X"), sink);

      assertThat(fmp.calls).hasSize(3);
      assertThat(sink.records()).hasSize(1);
      assertThat(second.sent()).isZero();
      assertThat(second.sentBefore()).isEqualTo(1);
      assertThat(second.finished()).isTrue();
      assertThat(second.failed()).isEqualTo(first.failed());
      try (Stream<Path> left = Files.list(home.resolve("runs/run-1/spool"))) {
        assertThat(left).isEmpty();
      }
    }
  }

  @Test
  void aRunIdIsForOneThingOnly() throws Exception {
    try (FakeFmp fmp = new FakeFmp((symbol, attempt) -> Answer.of(200, "[{}]"))) {
      run(fmp, "run-1", bars("A"), sink);
      assertThatThrownBy(() -> run(fmp, "run-1", bars("B"), sink))
          .isInstanceOf(RunRefusedException.class)
          .hasMessageContaining("symbols=A")
          .hasMessageContaining("symbols=B");
      assertThatThrownBy(() -> run(fmp, "../run", bars("B"), sink))
          .isInstanceOf(RunRefusedException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void aRunThatBreaksAnywhereMissesNothingAndSendsNothingInTwoForms(long seed) throws Exception {
    Random random = new Random(seed);
    int perSymbol = 50;
    String[] symbols = IntStream.range(0, 12).mapToObj(i -> "S" + i).toArray(String[]::new);
    List<RawRecord> stream = new ArrayList<>();
    int executions = 0;
    boolean finished = false;
    // Every call is answered with other prices: only a response that was kept can be sent again.
    try (FakeFmp fmp =
        new FakeFmp(
            (symbol, attempt) -> {
              synchronized (random) {
                return switch (random.nextInt(4)) {
                  case 0 -> Answer.of(500, "");
                  case 1 -> quotes(symbol, perSymbol, random).cutAt(random.nextInt(500));
                  default -> quotes(symbol, perSymbol, random);
                };
              }
            })) {
      while (!finished && executions++ < 100) {
        long breakdown = 1 + new Random(seed * 1000 + executions).nextInt(perSymbol * 4);
        try {
          finished =
              run(fmp, "run", bars(symbols), new RecordingSink(stream).breakingAfter(breakdown))
                  .finished();
        } catch (RawSinkException e) {
          assertThat(e).hasMessageContaining("the broker is gone");
          // As a process that died while it wrote leaves it.
          Files.writeString(
              home.resolve("runs/run/journal.jsonl"),
              "{\"event\":\"do",
              java.nio.file.StandardOpenOption.APPEND);
        }
      }
    }

    assertThat(finished).isTrue();
    Map<String, Set<RawRecord>> byIdentity = new HashMap<>();
    for (RawRecord record : stream) {
      byIdentity
          .computeIfAbsent(
              record.batchId() + "/" + record.sequence(), id -> new java.util.HashSet<>())
          .add(record);
    }
    assertThat(byIdentity).hasSize(symbols.length * perSymbol);
    assertThat(byIdentity.values()).allMatch(forms -> forms.size() == 1);
    assertThat(stream.stream().map(RawRecord::ingestTimeMicros).distinct()).hasSize(symbols.length);
    // Four units are under way at a time, and the sink acknowledges 20 records behind.
    assertThat(stream.size() - byIdentity.size())
        .isLessThanOrEqualTo((executions - 1) * 5 * perSymbol);
  }

  @Test
  void aResponseThatWasDamagedOnDiskIsAskedForAgainAsALaterBatch() throws Exception {
    try (FakeFmp fmp = new FakeFmp((symbol, attempt) -> Answer.of(200, "[{\"n\":1},{\"n\":2}]"))) {
      RecordingSink breaking = new RecordingSink().breakingAfter(1);
      assertThatThrownBy(() -> run(fmp, "run-1", bars("A"), breaking))
          .isInstanceOf(RawSinkException.class);
      Files.write(home.resolve("runs/run-1/spool/000000"), new byte[17]);

      IngestReport report = run(fmp, "run-1", bars("A"), sink);

      assertThat(fmp.calls).hasSize(2);
      assertThat(report.finished()).isTrue();
      assertThat(sink.records()).extracting(RawRecord::sequence).containsExactly(0L, 1L);
      assertThat(sink.records().get(0).ingestTimeMicros())
          .isGreaterThan(breaking.records().get(0).ingestTimeMicros());
    }
  }

  private static Answer quotes(String symbol, int count, Random random) {
    return Answer.of(
        200,
        IntStream.range(0, count)
            .mapToObj(i -> "{\"symbol\":\"" + symbol + "\",\"price\":" + random.nextInt(1000) + "}")
            .collect(Collectors.joining(",", "[", "]")));
  }

  private static FmpRequest bars(String... symbols) {
    return FmpRequest.bars(List.of(symbols), FROM, TO);
  }

  private IngestReport run(FakeFmp fmp, String runId, FmpRequest request, RecordingSink to)
      throws Exception {
    return run(fmp, runId, request, to, Map.of());
  }

  private IngestReport run(
      FakeFmp fmp, String runId, FmpRequest request, RecordingSink to, Map<String, String> settings)
      throws Exception {
    IngestContext context =
        new IngestContext(home, runId, to, IngestListener.NONE, Clock.systemUTC());
    return FmpAdapter.of(config(fmp.uri(), settings), request, stream()).run(context);
  }

  static FmpConfig config(URI uri, Map<String, String> changes) {
    Map<String, String> settings = new HashMap<>();
    settings.put("base-url", uri.toString());
    settings.put("calls-per-minute", "6000000");
    settings.put("stall-timeout", "PT0.2S");
    settings.put("retry.backoff", "PT0.001S");
    settings.put("retry.max-backoff", "PT0.004S");
    settings.put("retry.breaker-pause", "PT0.005S");
    settings.putAll(changes);
    return FmpConfig.of(settings, name -> Secret.of(KEY));
  }

  static RawStream stream() {
    return new RawStream(
        "fmp",
        "bars",
        RawStream.JSON,
        (payload, attributes) -> attributes.get("symbol"),
        List.of());
  }
}
