package ai.finks.stack.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.finks.flink.table.LakeTables;
import ai.finks.schemas.Topics;
import ai.finks.stack.Checkout;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.lake.Lake;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Plants unmistakable values wherever clients' data comes in, runs everything from the adapter to
 * Gold, and looks for them everywhere but where they belong: raw topics, Bronze, quarantine,
 * checkpoints, the record of reveals. That it would find them is seen from Bronze and quarantine.
 */
class PersonalDataTest {
  private static final String NAME = "Canaryzwitscher";
  private static final String MAIL = "kanarienvogel77@zwitscher.example";
  private static final String ACCOUNT = "KANARI550099887766554433";
  private static final String TOO_STRICT =
      "{\"name\": \"small\", \"check\": \"net_amount < 1000\", \"severity\": \"refuse\"},";

  @TempDir static Path folder;

  private final StringBuilder printed = new StringBuilder();
  private final Set<String> canaries = new TreeSet<>(Set.of(NAME, MAIL, ACCOUNT));
  private Path schemas;

  @Test
  void plantedValuesAreFoundWhereTheyBelongAndNowhereElse() throws Exception {
    schemas = strictSchemas();
    Path planted = Files.write(folder.resolve("planted.ndjson"), documents());
    Path page = Files.writeString(folder.resolve("page.ndjson"), "<html>" + NAME + MAIL);
    Path list = Files.writeString(folder.resolve("list.json"), "[{\"clientName\":\"" + NAME);
    try (TestStack stack = TestStack.up(folder.resolve("home"), "--schemas", schemas.toString())) {
      FinksHome home = FinksHome.at(stack.home());
      run(
          stack,
          "ingest",
          "fmp.bars",
          "--symbols",
          "AAPL",
          "--from",
          "2017-01-03",
          "--to",
          "2017-01-10");
      run(stack, ingest(planted));
      run(stack, ingest(page));
      run(stack, ingest(list));
      run(stack, "produce", "mongodb.transactions", planted.toString());
      run(stack, "contracts", "try", "mongodb.transactions", planted.toString());
      JsonNode counts = stack.json("wait").path("entities").path("transactions");
      assertThat(counts.path("silver").asLong()).isEqualTo(1);
      assertThat(counts.path("quarantine").asLong()).isGreaterThan(14);

      redriveAcrossAKill(stack, home);
      look(stack);
      Set<String> typed = new CanarySearch(canaries).in(typedRecords(stack));
      String metrics = flinkSays(stack);
      run(stack, "down");

      CanarySearch search = new CanarySearch(canaries);
      assertFound(search, home);
      assertThat(typed).as("typed topics").isEmpty();
      assertThat(search.in(metrics)).as("what Flink tells").isEmpty();
      assertThat(search.in(printed.toString())).as("what commands print").isEmpty();
      assertThat(
              search.below(
                  home.folder(),
                  Set.of(
                      home.kafka(),
                      home.checkpoints(),
                      home.lake().resolve("bronze"),
                      home.lake().resolve("quarantine"),
                      home.folder().resolve("audit"))))
          .isEmpty();
    }
  }

  /** The search would find them: in Bronze's text, and inside of quarantine's compressed files. */
  private void assertFound(CanarySearch search, FinksHome home) throws IOException {
    assertThat(search.below(home.lake().resolve("bronze"), Set.of()).values()).contains(canaries);
    assertThat(search.below(home.lake().resolve("quarantine"), Set.of()))
        .anySatisfy(
            (file, found) -> {
              assertThat(file.toString()).endsWith(".parquet");
              assertThat(found).isEqualTo(canaries);
            });
    Path reveals = home.folder().resolve("audit/reveals.ndjson");
    assertThat(Files.readAllLines(reveals)).hasSize(2);
    assertThat(Files.readAllLines(reveals).get(0)).contains(MAIL);
    assertThat(Files.readAllLines(reveals).get(1)).contains("gold.daily_portfolio_summary");
  }

  private void redriveAcrossAKill(TestStack stack, FinksHome home) throws Exception {
    CommandRun refused = run(stack, "quarantine", "redrive", "transactions");
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.out()).contains("CHECK_FAILED check=small", "PAYLOAD_MALFORMED");
    Path contract = schemas.resolve("avro/transactions.avsc");
    String mended = Files.readString(contract).replace(TOO_STRICT, "");
    Files.writeString(contract, mended.replaceFirst("\"version\": \\d+,", "\"version\": 99,"));
    assertThat(run(stack, "contracts", "apply").exitCode()).as(printed.toString()).isZero();

    Process killed = stack.launch("quarantine", "redrive", "transactions", "--run", "planted");
    await()
        .atMost(TestStack.PATIENCE)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> isIntended(home));
    killed.destroyForcibly().waitFor();
    run(stack, "quarantine", "redrive", "transactions", "--run", "planted");
    CommandRun again =
        run(stack, "quarantine", "redrive", "transactions", "--run", "planted", "--json");

    assertThat(again.out()).contains("\"landed\" : 0", "\"earlier\" : 1", "\"ready\" : 0");
    JsonNode counts = stack.json("wait");
    assertThat(counts.path("balanced").asBoolean()).isTrue();
    assertThat(counts.path("entities").path("transactions").path("redriven").asLong()).isEqualTo(1);
    assertThat(counts.path("entities").path("transactions").path("silver").asLong()).isEqualTo(2);
  }

  private static boolean isIntended(FinksHome home) throws IOException {
    try (Lake lake = Lake.open(home)) {
      return lake.load(LakeTables.REDRIVES).currentSnapshot() != null;
    }
  }

  /** Everything that shows something, and everything that may fail with a value in its message. */
  private void look(TestStack stack) throws Exception {
    run(stack, "status");
    run(stack, "tables");
    CommandRun listed =
        run(stack, "quarantine", "list", "--entity", "transactions", "--limit", "500");
    assertThat(listed.out()).contains("known-type", "UNPARSEABLE_DATE", "landed");
    String coordinate = listed.out().replaceAll("(?s).*?(mongodb\\.\\S+:\\d+:\\d+:\\d+).*", "$1");
    run(stack, "quarantine", "show", coordinate);
    CommandRun revealed =
        stack.done("quarantine", "list", "--run", "planted", "--reveal", "--source", MAIL);
    assertThat(revealed.exitCode()).isZero();
    launch(stack, "query", "select * from silver.transactions");
    launch(stack, "query", "select * from quarantine.transactions");
    launch(stack, "query", "select * from accounting.partitions");
    launch(stack, "query", "select cast(client_name as int) from silver.transactions");
    launch(stack, "gold", "build");
    assertThat(printed).contains("Could not convert", "account_number", "published");
    trace(stack);
  }

  /** From the built row to the document, which is shown to who asks for it by name only. */
  private void trace(TestStack stack) throws IOException {
    String[] trace = {
      "trace",
      "gold.daily_portfolio_summary",
      "--where",
      "portfolio_id = 'PF-1' and day = '2017-01-05'"
    };
    assertThat(run(stack, trace).out())
        .contains("silver.transactions: 2 rows", "raw record from the stream", "--reveal shows it");
    String[] revealed = Arrays.copyOf(trace, trace.length + 2);
    revealed[trace.length] = "--reveal";
    revealed[trace.length + 1] = "--json";
    JsonNode shown = CommonOptions.JSON.readTree(stack.done(revealed).out());
    assertThat(shown.at("/rows/0/behind/0/rows/0/raw/payload").asText()).contains(NAME, MAIL);
    run(stack, "trace", "silver.transactions", "--where", "client_name = '" + NAME + "'");
    await()
        .atMost(TestStack.PATIENCE)
        .until(() -> run(stack, "lineage", "run", "planted").out().contains("wrote"));
  }

  private CommandRun run(TestStack stack, String... command) {
    CommandRun run = stack.run(command);
    printed.append(run.out()).append(run.err());
    return run;
  }

  /** Python writes past this JVM. */
  private void launch(TestStack stack, String... command) throws Exception {
    stack.launch(command).waitFor();
    printed.append(stack.launchedOutput());
  }

  private static String[] ingest(Path file) {
    return new String[] {
      "ingest",
      "files",
      "--binding",
      "mongodb.transactions",
      "--run-id",
      file.getFileName().toString().replaceAll("\\..*", ""),
      file.toString()
    };
  }

  private static Path strictSchemas() throws IOException {
    Path shipped = Checkout.root().resolve("schemas");
    Path copy = folder.resolve("schemas");
    try (Stream<Path> files = Files.walk(shipped)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path relative = shipped.relativize(file);
        if (Set.of("avro", "sources", "fixtures").contains(relative.getName(0).toString())) {
          Files.createDirectories(copy.resolve(relative).getParent());
          Files.copy(file, copy.resolve(relative));
        }
      }
    }
    Path contract = copy.resolve("avro/transactions.avsc");
    Files.writeString(
        contract,
        Files.readString(contract).replaceFirst("\"checks\": \\[", "\"checks\": [" + TOO_STRICT));
    return copy;
  }

  /** One document that lands, one that a mended contract takes, and many that nothing takes. */
  private static byte[] documents() {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    line(lines, document("lands", ""));
    line(lines, document("redriven", "").replace("\"50.00\"", "\"5000.00\""));
    line(lines, document("cut", "").substring(0, 200));
    line(lines, document("typed", "").replace("\"50.00\"", "\"" + MAIL + "\""));
    line(lines, document("dated", "").replace("2017-01-05T15:00:00Z", ACCOUNT));
    line(lines, document("word", "").replace("\"deposit\"", "\"" + NAME + "\""));
    line(lines, document("object", "").replace("\"" + MAIL + "\"", "{\"x\":\"" + MAIL + "\"}"));
    line(lines, document("list", "").replace("\"" + NAME + "\"", "[\"" + NAME + "\"]"));
    line(lines, document("twice", ",\"clientName\":\"" + NAME + "\""));
    line(
        lines,
        document("deep", ",\"x\":" + ("{\"" + NAME + "\":").repeat(2000) + "1" + "}".repeat(2000)));
    line(lines, document("missing", "").replace("\"currency\":\"USD\",", ""));
    line(lines, document("named", ",\"" + MAIL + "\":1").replace("\"USD\"", "\"" + ACCOUNT + "\""));
    line(lines, NAME + "," + MAIL + "," + ACCOUNT);
    line(lines, "\"" + MAIL + "\"");
    lines.writeBytes(document("bytes", "").replace("USD", "U").getBytes(UTF_8));
    lines.write(0xFF);
    line(lines, NAME);
    return lines.toByteArray();
  }

  private static String document(String id, String more) {
    return "{\"_id\":\"T-"
        + id
        + "\",\"portfolioId\":\"PF-1\",\"clientId\":\"C-1\",\"clientName\":\""
        + NAME
        + "\",\"clientEmail\":\""
        + MAIL
        + "\",\"accountNumber\":\""
        + ACCOUNT
        + "\",\"type\":\"deposit\",\"status\":\"booked\",\"netAmount\":{\"$numberDecimal\":\"50.00\"},"
        + "\"currency\":\"USD\",\"tradeDate\":\"2017-01-05\",\"executedAt\":{\"$date\":"
        + "\"2017-01-05T15:00:00Z\"},\"updatedAt\":{\"$date\":\"2017-01-05T15:00:01Z\"}"
        + more
        + "}";
  }

  private static void line(ByteArrayOutputStream lines, String line) {
    lines.writeBytes(line.getBytes(UTF_8));
    lines.write('\n');
  }

  private static String typedRecords(TestStack stack) {
    Properties properties = new Properties();
    properties.setProperty("bootstrap.servers", url(stack, "kafka"));
    StringBuilder text = new StringBuilder();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions = new ArrayList<>();
      consumer
          .partitionsFor(Topics.typed("transactions"))
          .forEach(p -> partitions.add(new TopicPartition(p.topic(), p.partition())));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      await()
          .atMost(TestStack.PATIENCE)
          .until(
              () -> {
                for (ConsumerRecord<byte[], byte[]> record :
                    consumer.poll(Duration.ofMillis(200))) {
                  text.append(latin(record.key())).append(latin(record.value()));
                  record.headers().forEach(header -> text.append(latin(header.value())));
                }
                return text.indexOf("T-lands") >= 0 && text.indexOf("T-redriven") >= 0;
              });
    }
    return text.toString();
  }

  private static String latin(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** Plans, configurations, exceptions and the names and values of all metrics. */
  private static String flinkSays(TestStack stack) throws Exception {
    String flink = url(stack, "flink");
    StringBuilder text = new StringBuilder(get(flink + "/jobs/overview"));
    for (JsonNode job : CommonOptions.JSON.readTree(text.toString()).path("jobs")) {
      String url = flink + "/jobs/" + job.path("jid").asText();
      String details = get(url);
      text.append(details).append(get(url + "/config")).append(get(url + "/exceptions"));
      for (JsonNode vertex : CommonOptions.JSON.readTree(details).path("vertices")) {
        String metrics = url + "/vertices/" + vertex.path("id").asText() + "/subtasks/metrics";
        text.append(get(metrics));
      }
    }
    assertThat(text).contains("numRecordsIn");
    return text.toString();
  }

  private static String get(String url) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
        .body();
  }

  private static String url(TestStack stack, String component) {
    for (JsonNode node : stack.status().path("components")) {
      if (node.path("name").asText().equals(component)) {
        return node.path("url").asText();
      }
    }
    throw new AssertionError("no component " + component);
  }
}
