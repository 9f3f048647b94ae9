package ai.finks.simulators.fmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.finks.simulators.demo.DemoBars;
import ai.finks.simulators.demo.DemoFolder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FmpSimulatorTest {
  private static final DemoBars BARS = new DemoBars(DemoFolder.ofCheckout());
  private static final JsonMapper JSON = new JsonMapper();
  private static final String HISTORY = "/stable/historical-price-eod/full?symbol=";

  private final HttpClient client = HttpClient.newHttpClient();
  private FmpSimulator simulator;

  @BeforeEach
  void start() {
    simulator = FmpSimulator.over(BARS).start();
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  @Test
  void aHistoryHasTheShapeOfTheRecordedOne() throws Exception {
    String answer = get(HISTORY + "AAPL&from=2017-11-01&to=2017-11-07").body();

    assertThat(shapeOf(answer)).isEqualTo(shapeOf(recorded("recorded-historical-price-eod-full")));
  }

  @Test
  void aQuoteHasTheShapeOfTheRecordedOneButForWhatTheBarsDoNotSay() throws Exception {
    String answer = get("/stable/quote?symbol=AAPL").body();

    assertThat(shapeOf(answer))
        .isEqualTo(
            shapeOf(recorded("recorded-quote"))
                .replace("\"name\": \"\"", "\"name\": null")
                .replace("\"marketCap\": 0", "\"marketCap\": null")
                .replace("\"exchange\": \"\"", "\"exchange\": null"));
  }

  @Test
  void aHistoryIsExactAndNewestFirst() throws Exception {
    assertThat(get(HISTORY + "A&from=2013-02-08&to=2013-02-11").body())
        .isEqualTo(
            """
            [
              {
                "symbol": "A",
                "date": "2013-02-11",
                "open": 45.17,
                "high": 45.18,
                "low": 44.45,
                "close": 44.6,
                "volume": 2915405,
                "change": -0.57,
                "changePercent": -1.2619,
                "vwap": 44.85
              },
              {
                "symbol": "A",
                "date": "2013-02-08",
                "open": 45.07,
                "high": 45.35,
                "low": 45,
                "close": 45.08,
                "volume": 1824755,
                "change": 0.01,
                "changePercent": 0.02219,
                "vwap": 45.125
              }
            ]""");
  }

  @Test
  void aMissingPriceIsNullAndSoIsWhatFollowsFromIt() throws Exception {
    JsonNode bar = json(get(HISTORY + "O&from=2015-07-17&to=2015-07-17")).get(0);

    assertThat(bar.toString())
        .isEqualTo(
            "{\"symbol\":\"O\",\"date\":\"2015-07-17\",\"open\":null,\"high\":47.31,\"low\":46.83,"
                + "\"close\":46.99,\"volume\":1229513,\"change\":null,\"changePercent\":null,"
                + "\"vwap\":null}");
  }

  @Test
  void withoutABeginningAHistoryGoesBackFiveYears() throws Exception {
    JsonNode all = json(get(HISTORY + "AAPL"));
    JsonNode early = json(get(HISTORY + "AAPL&to=2013-02-12"));

    assertThat(all).hasSize(BARS.of("AAPL").orElseThrow().size());
    assertThat(all.get(0).get("date").asText()).isEqualTo("2018-02-07");
    assertThat(early).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        HISTORY + "NOPE",
        HISTORY + "AAPL&from=2018-02-01&to=2018-01-01",
        HISTORY + "AAPL&from=2030-01-01",
        HISTORY + "AAPL&to=1999-01-01",
        "/stable/quote?symbol=NOPE"
      })
  void whatIsNotThereIsAnEmptyArray(String path) throws Exception {
    HttpResponse<String> answer = get(path);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("[]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/stable/historical-price-eod/full | 400 | Query Error",
        "/stable/quote?symbol= | 400 | Query Error",
        "/stable/historical-price-eod/full?symbol=A&from=yesterday | 400 | from",
        "/stable/nothing?symbol=A | 404 | Not Found",
        "/api/v3/quote/AAPL | 403 | Legacy Endpoint"
      })
  void aWrongCallIsToldSoInJson(String path, int status, String message) throws Exception {
    HttpResponse<String> answer = get(path);

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(json(answer).get("Error Message").asText()).contains(message);
  }

  @Test
  void aWrongOrMissingKeyIsRefused() throws Exception {
    URI quote = simulator.baseUri().resolve("/stable/quote?symbol=AAPL");
    URI wrong = simulator.baseUri().resolve("/stable/quote?symbol=AAPL&apikey=other");

    for (URI uri : List.of(quote, wrong)) {
      HttpResponse<String> answer = send(HttpRequest.newBuilder(uri));
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(json(answer).get("Error Message").asText()).startsWith("Invalid API KEY");
    }
  }

  @Test
  void theKeyMayComeAsAHeader() throws Exception {
    URI quote = simulator.baseUri().resolve("/stable/quote?symbol=AAPL");

    assertThat(
            send(HttpRequest.newBuilder(quote).header("apikey", simulator.apiKey())).statusCode())
        .isEqualTo(200);
  }

  @Test
  void symbolsAreListed() throws Exception {
    JsonNode list = json(get("/stable/stock-list"));

    assertThat(list).hasSize(505);
    assertThat(list.get(0).toString()).isEqualTo("{\"symbol\":\"A\",\"companyName\":null}");
  }

  @Test
  void scriptedFaultsComeFirstAndInOrder() throws Exception {
    simulator.setFaults(
        Faults.builder()
            .next(FaultKind.TOO_MANY_REQUESTS, FaultKind.SERVER_ERROR, FaultKind.UNAVAILABLE)
            .retryAfterSeconds(7)
            .build());

    HttpResponse<String> limited = get(HISTORY + "A");

    assertThat(limited.statusCode()).isEqualTo(429);
    assertThat(limited.headers().firstValue("Retry-After")).contains("7");
    assertThat(json(limited).get("Error Message").asText()).startsWith("Limit Reach");
    assertThat(get(HISTORY + "A").statusCode()).isEqualTo(500);
    assertThat(get(HISTORY + "A").statusCode()).isEqualTo(503);
    assertThat(get(HISTORY + "A").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource(names = {"TRUNCATED", "DISCONNECT"})
  void aCutAnswerIsSeenByTheClientAsBroken(FaultKind kind) throws Exception {
    // Always, since the JDK's client tries again by itself when a connection ends without a byte.
    simulator.setFaults(Faults.builder().probability(kind, 1).build());

    assertThatThrownBy(() -> get(HISTORY + "A")).isInstanceOf(IOException.class);
    assertThat(simulator.statistics().byFault()).containsOnlyKeys(kind);

    simulator.setFaults(Faults.none());
    assertThat(get(HISTORY + "A").statusCode()).isEqualTo(200);
  }

  @Test
  void anHtmlPageComesWithStatus200() throws Exception {
    simulator.setFaults(Faults.builder().next(FaultKind.HTML_PAGE).build());

    HttpResponse<String> page = get(HISTORY + "A");

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
    assertThat(page.body()).startsWith("<!DOCTYPE html>");
  }

  @Test
  void aSlowAnswerIsStillTheRightOne() throws Exception {
    simulator.setFaults(Faults.builder().next(FaultKind.SLOW).slowMillis(50).build());
    long begin = System.nanoTime();

    HttpResponse<String> answer = get(HISTORY + "A");

    assertThat(System.nanoTime() - begin).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(50));
    assertThat(json(answer)).isNotEmpty();
  }

  @Test
  void theSameSeedHitsTheSameCalls() throws Exception {
    Faults half =
        Faults.builder()
            .seed(42)
            .probability(FaultKind.TOO_MANY_REQUESTS, 0.25)
            .probability(FaultKind.SERVER_ERROR, 0.25)
            .build();

    List<Integer> first = statusesWith(half, 200);
    List<Integer> second = statusesWith(half, 200);

    assertThat(first).isEqualTo(second).contains(200, 429, 500);
    assertThat(first.stream().filter(status -> status == 200).count()).isBetween(70L, 130L);
  }

  @Test
  void moreCallsThanTheMinuteAllowsAreLimited() throws Exception {
    assertThat(statusesWith(Faults.builder().callsPerMinute(3).build(), 5))
        .containsExactly(200, 200, 200, 429, 429);
  }

  @Test
  void restrictedPathsAndSymbolsAreRefused() throws Exception {
    simulator.setFaults(
        Faults.builder().restrictPaths("/stable/quote").restrictSymbols("AAPL").build());

    assertThat(get("/stable/quote?symbol=MSFT").statusCode()).isEqualTo(403);
    assertThat(get(HISTORY + "AAPL").statusCode()).isEqualTo(402);
    assertThat(get(HISTORY + "MSFT").statusCode()).isEqualTo(200);
  }

  @Test
  void faultsAreSetAndReadOverHttp() throws Exception {
    String json =
        "{\"probabilities\":{\"SERVER_ERROR\":1.0},\"seed\":9,\"restrictedSymbols\":[\"MSFT\"]}";

    HttpResponse<String> put = control("PUT", "/simulator/faults", json);

    assertThat(put.statusCode()).isEqualTo(200);
    assertThat(simulator.faults())
        .isEqualTo(
            Faults.builder()
                .seed(9)
                .probability(FaultKind.SERVER_ERROR, 1)
                .restrictSymbols("MSFT")
                .build());
    assertThat(
            Faults.fromJson(
                control("GET", "/simulator/faults", "").body().getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(simulator.faults());
    assertThat(get(HISTORY + "A").statusCode()).isEqualTo(500);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"probability\":1}",
        "{\"probabilities\":{\"SLOW\":1.5}}",
        "{\"probabilities\":{\"SLOW\":0.6,\"TRUNCATED\":0.6}}",
        "{\"probabilities\":{\"ODD\":0.6}}",
        "{\"slowMillis\":-1}",
        "not json"
      })
  void faultsThatMakeNoSenseAreRefused(String json) throws Exception {
    HttpResponse<String> put = control("PUT", "/simulator/faults", json);

    assertThat(put.statusCode()).isEqualTo(400);
    assertThat(simulator.faults()).isEqualTo(Faults.none());
  }

  @Test
  void callsAreCountedByWhatBecameOfThem() throws Exception {
    simulator.setFaults(Faults.builder().next(FaultKind.SERVER_ERROR).build());
    get(HISTORY + "AAPL");
    int bytes = get(HISTORY + "AAPL").body().length();
    get(HISTORY + "MSFT");

    Statistics statistics = simulator.statistics();

    assertThat(statistics.calls()).isEqualTo(3);
    assertThat(statistics.bytes()).isGreaterThan(bytes);
    assertThat(statistics.byStatus()).containsEntry(200, 2L).containsEntry(500, 1L);
    assertThat(statistics.byFault()).containsEntry(FaultKind.SERVER_ERROR, 1L);
    assertThat(statistics.bySymbol()).containsEntry("AAPL", 1L).containsEntry("MSFT", 1L);
    assertThat(
            JSON.readTree(control("GET", "/simulator/statistics", "").body()).get("calls").asInt())
        .isEqualTo(3);
  }

  @Test
  void manyThreadsGetEveryBarOfEverySymbol() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Integer>> counts = new ArrayList<>();
      for (String symbol : BARS.symbols()) {
        counts.add(threads.submit(() -> occurrences(get(HISTORY + symbol).body(), "\"date\": ")));
      }
      int bars = 0;
      for (Future<Integer> count : counts) {
        bars += count.get();
      }
      assertThat(bars).isEqualTo(DemoBars.ROWS);
    } finally {
      threads.shutdownNow();
    }
  }

  private static int occurrences(String text, String part) {
    int count = 0;
    for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
      count++;
    }
    return count;
  }

  private List<Integer> statusesWith(Faults faults, int calls) throws Exception {
    simulator.setFaults(faults);
    List<Integer> statuses = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      statuses.add(get("/stable/quote?symbol=A").statusCode());
    }
    return statuses;
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
        URI.create(
            simulator.baseUri()
                + path
                + (path.contains("?") ? "&" : "?")
                + "apikey="
                + simulator.apiKey()));
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(request(path));
  }

  private HttpResponse<String> control(String method, String path, String body) throws Exception {
    return send(
        HttpRequest.newBuilder(simulator.baseUri().resolve(path))
            .method(method, HttpRequest.BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static JsonNode json(HttpResponse<String> answer) throws IOException {
    return JSON.readTree(answer.body());
  }

  private static String recorded(String name) throws IOException {
    try (InputStream in = FmpSimulatorTest.class.getResourceAsStream("/fmp/" + name + ".json")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The text with every value reduced to its kind: texts empty, numbers 0. */
  private static String shapeOf(String json) {
    return json.replaceAll(": \"[^\"]*\"", ": \"\"")
        .replaceAll(": -?(0|[1-9][0-9]*)(\\.[0-9]*[1-9])?(?=[,\\n])", ": 0");
  }
}
