package ai.finks.adapters;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.schemas.raw.RawRecord;
import ai.finks.simulators.demo.DemoBars;
import ai.finks.simulators.fmp.FaultKind;
import ai.finks.simulators.fmp.Faults;
import ai.finks.simulators.fmp.FmpSimulator;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class AdapterAppTest {
  private static final String KEY = "5ecret-of-the-simulator-4711";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FAST =
      "retry.backoff=PT0.001S,retry.max-backoff=PT0.004S,retry.breaker-pause=PT0.005S";

  @TempDir static Path folder;
  private static TestPlatform platform;
  private static FmpSimulator simulator;
  @TempDir Path home;
  @TempDir Path work;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void start() throws Exception {
    platform = new TestPlatform(folder.resolve("kafka"));
    simulator = FmpSimulator.over(new DemoBars(TestPlatform.DEMO_DATA)).apiKey(KEY).start();
  }

  @AfterAll
  static void stop() {
    simulator.close();
    platform.close();
  }

  @BeforeEach
  void behave() {
    simulator.setFaults(Faults.none());
  }

  @Test
  void faultsHalfOfTheTimeChangeNothingButTheTimeAndTheKeyIsNowhere() throws Exception {
    List<String> symbols = new DemoBars(TestPlatform.DEMO_DATA).symbols().subList(0, 40);
    LogKeeper log = LogKeeper.begin();
    int calm = fmp("fmp.bars", "calm", symbols, "--from", "2013-02-08", "--to", "2018-02-07");
    simulator.setFaults(
        Faults.builder()
            .seed(7)
            .probability(FaultKind.TOO_MANY_REQUESTS, 0.15)
            .probability(FaultKind.SERVER_ERROR, 0.15)
            .probability(FaultKind.UNAVAILABLE, 0.05)
            .probability(FaultKind.TRUNCATED, 0.05)
            .probability(FaultKind.HTML_PAGE, 0.05)
            .probability(FaultKind.DISCONNECT, 0.05)
            .retryAfterSeconds(0)
            .build());
    int rough = fmp("fmp.bars", "rough", symbols, "--from", "2013-02-08", "--to", "2018-02-07");
    log.end();

    assertThat(calm).as(err.toString()).isZero();
    assertThat(rough).as(err.toString()).isZero();
    Map<String, Map<String, Long>> payloads = new HashMap<>();
    for (RawRecord record : platform.read("fmp.bars.raw.v1")) {
      assertThat(record.key()).isEqualTo(record.attributes().get("symbol"));
      payloads
          .computeIfAbsent(record.runId(), run -> new HashMap<>())
          .merge(new String(record.payload(), UTF_8), 1L, Long::sum);
    }
    assertThat(payloads.get("calm")).hasSizeGreaterThan(40_000);
    assertThat(payloads.get("rough")).isEqualTo(payloads.get("calm"));
    assertThat(log.text()).contains("asking again").doesNotContain(KEY);
    assertThat(out + "" + err).doesNotContain(KEY);
    assertThat(filesOf(home)).isNotEmpty().noneMatch(file -> file.contains(KEY));
    platform.forEach(
        "fmp.bars.raw.v1",
        record -> assertThat(new String(record.value(), ISO_8859_1)).doesNotContain(KEY));
  }

  @Test
  void anUnknownSymbolIsReportedAndTheOthersAreSent() throws Exception {
    int code = fmp("fmp.quotes", "quotes-1", List.of("AAPL", "NOSUCH", "MSFT"), "--json");

    JsonNode report = JSON.readTree(out.toString());
    assertThat(code).isEqualTo(1);
    assertThat(report.path("run_id").asText()).isEqualTo("quotes-1");
    assertThat(report.path("sent").asInt()).isEqualTo(2);
    assertThat(report.path("finished").asBoolean()).isTrue();
    assertThat(report.path("failed"))
        .containsExactly(
            JSON.readTree("{\"unit\":\"NOSUCH\",\"reason\":\"no data\",\"status\":200}"));
    assertThat(err.toString()).contains("run quotes-1 from http://127.0.0.1:");
    assertThat(platform.read("fmp.quotes.raw.v1"))
        .extracting(RawRecord::key)
        .containsExactlyInAnyOrder("AAPL", "MSFT");
  }

  @Test
  void aWrongKeyIsSaidWithoutIt() throws Exception {
    Path wrong = Files.writeString(work.resolve("wrong"), "another-key-entirely-42\n");
    int code =
        run(
            "fmp.quotes",
            "--symbols",
            "AAPL,MSFT",
            "--fmp",
            "base-url=" + simulator.baseUri(),
            "--fmp",
            "api-key=file:" + wrong);
    assertThat(code).isEqualTo(1);
    assertThat(out.toString()).contains("failed: AAPL: answered 401").contains("goes on");
    assertThat(out + "" + err).doesNotContain("another-key-entirely-42");
  }

  @Test
  void csvFilesAreSentByTheirBinding() throws Exception {
    Path file =
        Files.writeString(
            work.resolve("bars.csv"),
            DemoBars.HEADER + "\n2020-01-02,1,2,0.5,1.5,10,AAPL\nbroken\n");
    int code = run("files", "--binding", "files.bars", "--run-id", "csv-1", file.toString());
    int again = run("files", "--binding", "files.bars", "--run-id", "csv-1", file.toString());

    assertThat(code).as(err.toString()).isZero();
    assertThat(again).isZero();
    assertThat(out.toString())
        .contains("run csv-1: 2 records")
        .contains("run csv-1: 0 records, 0 bytes")
        .contains("(2 sent before)");
    List<RawRecord> records =
        platform.read("files.bars.raw.v1").stream()
            .filter(record -> record.runId().equals("csv-1"))
            .toList();
    assertThat(records).extracting(RawRecord::key).containsExactlyInAnyOrder("AAPL", null);
  }

  @Test
  void wrongUsageIsExitCodeTwoAndSaysWhat() throws Exception {
    Path file = Files.writeString(work.resolve("x.csv"), "Name\n");
    assertThat(run("files", "--binding", "no.such", file.toString())).isEqualTo(2);
    assertThat(run("files", "--binding", "files.bars", "/no/such/file")).isEqualTo(2);
    assertThat(run("fmp.bars", "--symbols", "AAPL", "--from", "yesterday")).isEqualTo(2);
    assertThat(run("fmp.quotes", "--symbols", "AAPL", "--fmp", "colour=blue")).isEqualTo(2);
    assertThat(run("fmp.quotes", "--symbols", "AAPL", "--fmp", "api-key=env:NO_SUCH_VARIABLE"))
        .isEqualTo(2);
    assertThat(run("nothing")).isEqualTo(2);
    assertThat(err.toString())
        .contains("there is no binding no.such")
        .contains("/no/such/file is not a file")
        .contains("yesterday")
        .contains("NO_SUCH_VARIABLE is not set");
  }

  @Test
  void aPlatformThatCannotBeReachedIsExitCodeThree() throws Exception {
    Path file = Files.writeString(work.resolve("x.csv"), "Name\nA\n");
    int code =
        AdapterApp.run(
            new String[] {
              "files",
              "--binding",
              "files.bars",
              "--bootstrap-servers",
              "127.0.0.1:1",
              "--registry-url",
              "http://127.0.0.1:1",
              "--home",
              home.toString(),
              "--schemas",
              TestPlatform.SCHEMAS.toString(),
              "--producer",
              "delivery-timeout=PT0.3S",
              file.toString()
            },
            new PrintWriter(out, true),
            new PrintWriter(err, true));
    assertThat(code).as(err.toString()).isEqualTo(3);
    assertThat(err.toString()).contains("127.0.0.1:1").contains("Check bootstrap-servers");
  }

  private int fmp(String adapter, String runId, List<String> symbols, String... more)
      throws Exception {
    Path key = Files.writeString(work.resolve("key"), KEY + "\n");
    List<String> args =
        new ArrayList<>(
            List.of(adapter, "--symbols", String.join(",", symbols), "--run-id", runId));
    for (String setting : FAST.split(",")) {
      args.addAll(List.of("--fmp", setting));
    }
    args.addAll(List.of("--fmp", "base-url=" + simulator.baseUri()));
    args.addAll(List.of("--fmp", "calls-per-minute=600000", "--fmp", "api-key=file:" + key));
    args.addAll(List.of(more));
    return run(args.toArray(String[]::new));
  }

  private int run(String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(platform.options(home));
    return AdapterApp.run(
        all.toArray(String[]::new), new PrintWriter(out, true), new PrintWriter(err, true));
  }

  private static List<String> filesOf(Path root) throws Exception {
    try (Stream<Path> files = Files.walk(root)) {
      List<String> contents = new ArrayList<>();
      for (Path file : files.filter(Files::isRegularFile).collect(Collectors.toList())) {
        contents.add(new String(Files.readAllBytes(file), ISO_8859_1));
      }
      return contents;
    }
  }

  /** Keeps all that is logged, at every level. */
  private static final class LogKeeper extends AppenderBase<ILoggingEvent> {
    private final StringBuilder text = new StringBuilder();
    private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    private final Logger ours = (Logger) LoggerFactory.getLogger("ai.finks");

    static LogKeeper begin() {
      LogKeeper keeper = new LogKeeper();
      keeper.setContext(keeper.root.getLoggerContext());
      keeper.start();
      keeper.root.addAppender(keeper);
      keeper.ours.setLevel(Level.TRACE);
      return keeper;
    }

    void end() {
      root.detachAppender(this);
      ours.setLevel(null);
      stop();
    }

    @Override
    protected synchronized void append(ILoggingEvent event) {
      text.append(event.getFormattedMessage()).append('\n');
      if (event.getThrowableProxy() != null) {
        text.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
      }
    }

    synchronized String text() {
      return text.toString();
    }
  }
}
