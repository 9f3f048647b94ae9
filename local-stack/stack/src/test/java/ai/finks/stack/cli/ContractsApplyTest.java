package ai.finks.stack.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ai.finks.client.RawProducer;
import ai.finks.schemas.registry.HttpRegistryClient;
import ai.finks.schemas.registry.SchemaRejectedException;
import ai.finks.stack.Checkout;
import ai.finks.stack.contracts.AppliedContracts;
import ai.finks.stack.home.FinksHome;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** A running stack takes in a new source, then changes of its contract while records are sent. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ContractsApplyTest {
  @TempDir static Path folder;
  private static TestStack stack;
  private static TradesSource trades;
  private static FinksHome home;
  private static long sent;

  @BeforeAll
  static void start() throws IOException {
    Path schemas = folder.resolve("schemas");
    trades = new TradesSource(Checkout.root().resolve("schemas"), schemas);
    stack = TestStack.up(folder.resolve("home"), "--schemas", schemas.toString());
    home = FinksHome.at(folder.resolve("home"));
  }

  @AfterAll
  static void stop() throws Exception {
    if (stack != null) {
      stack.close();
    }
  }

  @Test
  @Order(0)
  void cookbookDoesWhatItSays() throws Exception {
    Path page = Checkout.root().resolve("docs/cookbook.md");
    String text = Files.readString(page);

    String done = new CookbookPage(folder, stack).run(text);

    if (Boolean.getBoolean("cookbook.write")) {
      Files.writeString(page, done);
    }
    assertThat(CookbookPage.normalised(done)).isEqualTo(CookbookPage.normalised(text));
  }

  @Test
  @Order(1)
  void newSourceIsTakenInAndChangedWhileItsRecordsAreSentAndNothingIsLostOrDoubled()
      throws Exception {
    assertThat(stack.run("produce", "desk.trades", "/dev/null").err()).contains("contracts apply");
    trades.write();

    JsonNode added = stack.json("contracts", "apply");
    assertThat(added.path("new_entities")).hasToString("[\"trades\"]");
    assertThat(added.path("restarted")).hasToString("[\"silver\",\"bronze\"]");

    try (TradesSource.Sender sender = new TradesSource.Sender(home)) {
      awaitSilver(1);
      trades.evolve();
      JsonNode changed = stack.json("contracts", "apply");
      assertThat(changed.path("changed_entities")).hasToString("[\"trades\"]");
      assertThat(changed.path("restarted")).hasToString("[\"silver\"]");
      awaitSilver(silver() + 1);
      sent = sender.stop();
    }

    JsonNode counts = tradesAfterWait();
    assertThat(counts.path("read").asLong()).isEqualTo(sent);
    assertThat(counts.path("silver").asLong()).isEqualTo(sent);
    assertThat(counts.path("duplicates").asLong()).isZero();
    assertThat(
            query(
                "select count(*), count(distinct id), min(quantity), max(quantity), count(venue)"
                    + " from silver.trades_versions"))
        .isEqualTo(sent + "," + sent + ",0," + (sent - 1) + ",0");
    assertThat(stack.json("contracts", "apply").path("restarted")).isEmpty();
  }

  @Test
  @Order(2)
  void rowsOfBeforeAreKnownAgainAndNewOnesUseWhatIsNew() throws Exception {
    try (RawProducer producer = RawProducer.open(Ingestion.producerConfig(RunningStack.of(home)))) {
      TradesSource.Sender.send(producer, 3, TradesSource.json(3, ""));
      TradesSource.Sender.send(
          producer, 5_000_000_000L, TradesSource.json(5_000_000_000L, ",\"venue\":\"XNYS\""));
      producer.flush();
    }

    JsonNode counts = tradesAfterWait();
    assertThat(counts.path("duplicates").asLong()).isEqualTo(1);
    assertThat(counts.path("silver").asLong()).isEqualTo(sent + 1);
    assertThat(query("select venue, price from silver.trades where quantity > 4000000000"))
        .isEqualTo("XNYS,100.50");
    JsonNode tables = stack.json("tables", "--hash");
    assertThat(tables.path("tables").toString()).contains("\"newest_rows\":" + (sent + 1));
  }

  @Test
  @Order(3)
  void incompatibleChangeIsRefusedWithFieldFileAndLineAndWhatRanGoesOn() throws Exception {
    String jobs = jobs();
    trades.replaceInContract("\"version\": 2", "\"version\": 3");
    trades.replaceInContract("\"precision\": 20", "\"precision\": 6");

    CommandRun refused = stack.run("contracts", "apply");

    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.out())
        .contains(
            "trades.avsc:13: the field 'price' was decimal(20,2) and cannot become decimal(6,2)",
            "nothing was changed");
    assertThat(jobs()).isEqualTo(jobs);
    assertThat(stack.run("status").exitCode()).isZero();
    trades.replaceInContract("\"precision\": 6", "\"precision\": 20");
    trades.replaceInContract("\"version\": 3", "\"version\": 2");
  }

  @Test
  @Order(4)
  void contractsAreVersionsOfTheirSubjectWhichTheRegistryKeepsCompatible() throws Exception {
    String url = "";
    for (JsonNode component : stack.status().path("components")) {
      if (component.path("name").asText().equals("registry")) {
        url = component.path("url").asText();
      }
    }
    HttpRegistryClient registry = new HttpRegistryClient(URI.create(url));
    String contract = Files.readString(trades.contractFile());

    assertThat(registry.register("contract.trades", contract)).isPositive();
    assertThatThrownBy(
            () ->
                registry.register(
                    "contract.trades",
                    contract
                        .replace("\"default\": null,", "")
                        .replace("\"type\": [\"null\", \"string\"]", "\"type\": \"string\"")))
        .isInstanceOf(SchemaRejectedException.class);
  }

  @Test
  @Order(5)
  void driftIsCountedByFieldListedAndQueryable() throws Exception {
    long before = tradesAfterWait().path("quarantine").asLong();
    try (RawProducer producer = RawProducer.open(Ingestion.producerConfig(RunningStack.of(home)))) {
      TradesSource.Sender.send(
          producer, 6_000_000_000L, TradesSource.json(6_000_000_000L, ",\"mood\":\"good\""));
      TradesSource.Sender.send(
          producer, 6_000_000_001L, TradesSource.json(1, ",\"mood\":1").replace("101.5", "[]"));
      TradesSource.Sender.send(
          producer, 6_000_000_002L, TradesSource.json(1, "").replace("\"price\":101.5,", ""));
      producer.flush();
    }

    assertThat(tradesAfterWait().path("quarantine").asLong()).isEqualTo(before + 2);
    assertThat(stack.status().path("drift").toString())
        .contains(
            "\"field\":\"mood\",\"kind\":\"unknown\",\"records\":2,\"policy\":\"evolve\"",
            "\"field\":\"/price\",\"kind\":\"type\",\"records\":1",
            "\"field\":\"/price\",\"kind\":\"vanished\",\"records\":1");
    assertThat(stack.run("status").out()).containsPattern("trades +desk +mood +unknown +2 +evolve");
    assertThat(
            query(
                "select string_agg(distinct field || ' ' || kind, ', ' order by field || ' ' ||"
                    + " kind) from accounting.drift where entity = 'trades'"))
        .isEqualTo("\"/price type, /price vanished, mood unknown\"");
  }

  @Test
  @Order(6)
  void killedWhileItTakesContractsInItComesBackWithTheOldOnesOrTheNewOnesAndNeverHalf()
      throws Exception {
    long before = tradesAfterWait().path("silver").asLong();
    String old = applied();
    trades.freeze();
    stack.kill();
    upDyingAt("contracts.apply.tables-evolved");

    assertThatApplyDies();
    upDyingAt("contracts.apply.activated");
    sendWithBook(7_000_000_000L);
    assertThat(applied()).isEqualTo(old);
    assertThat(tradesAfterWait().path("silver").asLong()).isEqualTo(before + 1);
    assertThat(stack.run("query", "select book from silver.trades").exitCode()).isNotZero();

    assertThatApplyDies();
    stack.done("up");
    sendWithBook(7_000_000_001L);
    assertThat(applied()).isGreaterThan(old);
    assertThat(tradesAfterWait().path("silver").asLong()).isEqualTo(before + 2);
    assertThat(query("select string_agg(id || ' ' || book) from silver.trades where book = 'b'"))
        .isEqualTo("t-7000000001 b");
    assertThat(stack.json("contracts", "apply").path("restarted")).isEmpty();
  }

  private static String applied() {
    return AppliedContracts.of(home).version().orElseThrow();
  }

  /** Starts a stack whose process ends there as signal 9 would end it. */
  private static void upDyingAt(String point) throws Exception {
    String options = "-Dfinks.fault-points=" + point + ":kill";
    Process up = stack.launch(Map.of("FINKS_STACK_JAVA_OPTS", options), "up");
    assertThat(up.waitFor()).as(stack.launchedOutput()).isZero();
  }

  private static void assertThatApplyDies() {
    CommandRun apply = stack.run("contracts", "apply");
    assertThat(apply.exitCode()).isEqualTo(3);
    assertThat(apply.err()).contains("./finks up", "nothing is lost");
  }

  private static void sendWithBook(long number) {
    send(number, TradesSource.json(number, ",\"book\":\"b\""));
  }

  private static void send(long number, String payload) {
    try (RawProducer producer = RawProducer.open(Ingestion.producerConfig(RunningStack.of(home)))) {
      TradesSource.Sender.send(producer, number, payload);
      producer.flush();
    }
  }

  @Test
  @Order(7)
  void frozenContractFlagsWhatItDoesNotKnowAndAStricterOneRefusesIt() throws Exception {
    JsonNode before = tradesAfterWait();
    send(8_000_000_000L, TradesSource.json(8_000_000_000L, ",\"mood\":\"good\""));
    assertThat(tradesAfterWait().path("silver").asLong())
        .isEqualTo(before.path("silver").asLong() + 1);
    assertThat(query("select _warnings from silver.trades where id = 't-8000000000'"))
        .isEqualTo("drift");
    assertThat(stack.run("status").out()).containsPattern("trades +desk +mood +unknown +3 +freeze");

    trades.replaceInContract("\"version\": 3", "\"version\": 4");
    trades.replaceInContract("\"drift\": \"freeze\"", "\"drift\": \"quarantine\"");
    assertThat(stack.json("contracts", "apply").path("restarted")).hasToString("[\"silver\"]");
    send(8_000_000_001L, TradesSource.json(8_000_000_001L, ",\"mood\":\"good\""));
    send(8_000_000_002L, TradesSource.json(8_000_000_002L, ""));

    JsonNode after = tradesAfterWait();
    assertThat(after.path("silver").asLong()).isEqualTo(before.path("silver").asLong() + 2);
    assertThat(after.path("quarantine").asLong()).isEqualTo(before.path("quarantine").asLong() + 1);
    assertThat(query("select key, reason from quarantine.trades where reason = 'UNKNOWN_FIELD'"))
        .isEqualTo("t-8000000001,UNKNOWN_FIELD");
    assertThat(stack.run("status").out()).containsPattern("mood +unknown +4 +quarantine");
  }

  @Test
  @Order(8)
  void editsThatWereNotTakenInAreTold() throws Exception {
    trades.replaceInContract("A trade.", "A trade of the desk.");

    assertThat(stack.done("up").err()).contains("./finks contracts apply");
  }

  @Test
  @Order(9)
  void bindingThatIsRemovedRunsNoLongerAndItsRowsStay() throws Exception {
    String rows = query("select count(*) from silver.trades_versions");
    trades.removeBinding();
    assertThat(stack.run("contracts", "apply").out()).contains("--remove desk.trades");

    JsonNode removed = stack.json("contracts", "apply", "--remove", "desk.trades");

    assertThat(removed.path("removed_bindings")).hasToString("[\"desk.trades\"]");
    assertThat(removed.path("restarted")).hasToString("[\"silver\",\"bronze\"]");
    assertThat(stack.run("produce", "desk.trades", "/dev/null").exitCode()).isEqualTo(2);
    assertThat(stack.json("wait").path("balanced").asBoolean()).isTrue();
    assertThat(query("select count(*) from silver.trades_versions")).isEqualTo(rows);
  }

  private static void awaitSilver(long rows) {
    await().atMost(TestStack.PATIENCE).until(() -> silver() >= rows);
  }

  private static long silver() {
    return stack.status().path("entities").path("trades").path("silver").asLong();
  }

  private static String jobs() {
    StringBuilder ids = new StringBuilder();
    stack.status().path("jobs").forEach(job -> ids.append(job.path("id").asText()));
    return ids.toString();
  }

  private static JsonNode tradesAfterWait() throws IOException {
    JsonNode counts = stack.json("wait");
    assertThat(counts.path("balanced").asBoolean()).isTrue();
    return counts.path("entities").path("trades");
  }

  /** The only row of a query, as CSV. Python writes past this JVM. */
  private static String query(String sql) throws Exception {
    Process process = stack.launch("query", "--quiet", "--format", "csv", sql);
    assertThat(process.waitFor()).as(stack.launchedOutput()).isZero();
    return stack.launchedOutput().lines().skip(1).findFirst().orElse("");
  }
}
