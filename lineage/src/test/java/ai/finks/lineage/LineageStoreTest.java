package ai.finks.lineage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.finks.lineage.core.MalformedEventException;
import ai.finks.lineage.store.LineageFact;
import ai.finks.lineage.store.LineageStore;
import ai.finks.schemas.lineage.LineageEvents;
import ai.finks.schemas.lineage.RunFacts;
import ai.finks.schemas.lineage.TableMetadataReader;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Five questions, each one query, whatever order and however often the events came. */
class LineageStoreTest {
  private static final String BARS = "silver.bars_versions";
  private static final String GOLD = "gold.daily_portfolio_summary";
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;
  private static TestDynamo dynamo;

  private final LineageEvents events = new LineageEvents();

  @BeforeAll
  static void open() throws Exception {
    dynamo = TestDynamo.open(folder);
  }

  @AfterAll
  static void close() {
    if (dynamo != null) {
      dynamo.close();
    }
  }

  @Test
  void questionsAreAnsweredWhateverOrderTheEventsCameIn() throws Exception {
    List<byte[]> all = history();
    for (int seed = 0; seed < 3; seed++) {
      LineageStore store = dynamo.store("shuffled-" + seed);
      List<byte[]> twice = new ArrayList<>(all);
      twice.addAll(all);
      Collections.shuffle(twice, new Random(seed));

      twice.forEach(store::take);

      assertThat(names(store.writtenBy("run-a"))).containsExactly(BARS + "@1", BARS + "@2");
      assertThat(names(store.runsBehind(BARS, 2))).containsExactly("run-a", "run-b");
      assertThat(store.runsBehind(BARS, 2).get(0).values()).containsEntry("records", 4L);
      assertThat(store.offsetsBehind(BARS, 2))
          .singleElement()
          .satisfies(
              range ->
                  assertThat(range.values())
                      .containsEntry("topic", "fmp.bars.raw.v1")
                      .containsEntry("partition", 0L)
                      .containsEntry("from", 10L)
                      .containsEntry("to", 20L));
      assertThat(names(store.builtOn(BARS, 2))).containsExactly(GOLD + "@7");
      assertThat(names(store.readFor(GOLD, 7))).containsExactly(BARS + "@2");
      assertThat(names(store.runsBehind(GOLD, 7))).containsExactly("gold-run-1");
      assertThat(store.askedBy("run-a"))
          .singleElement()
          .satisfies(
              asked ->
                  assertThat(asked.values())
                      .containsEntry("correlation_id", "demo-1")
                      .containsEntry("asked", "{\"symbols\":\"AAPL,MSFT\"}"));
      assertThat(store.cameTo("run-a"))
          .singleElement()
          .satisfies(
              came ->
                  assertThat(came.values())
                      .containsEntry("outcome", "COMPLETE")
                      .containsEntry("came", "{\"bytes\":1000,\"records\":10}"));
      assertThat(store.writtenBy("nobody")).isEmpty();
    }
  }

  @Test
  void whatIsToldAgainWithoutTheSnapshotBeforeItForgetsNothing() throws Exception {
    LineageStore store = dynamo.store("expired");
    Metadata table = bars();
    tell(store, table);
    tell(store, table.expire(1));

    assertThat(store.offsetsBehind(BARS, 2).get(0).values()).containsEntry("from", 10L);
  }

  @Test
  void storeKeepsWhatItHasWhenItIsOpenedAgain() throws Exception {
    Path kept = folder.resolve("kept");
    try (TestDynamo first = TestDynamo.open(kept)) {
      tell(first.store("lineage"), bars());
    }
    try (TestDynamo second = TestDynamo.open(kept)) {
      assertThat(names(second.store("lineage").runsBehind(BARS, 1))).containsExactly("run-a");
    }
  }

  @Test
  void runsThatACommitDoesNotTellApartAreNoRun() throws Exception {
    LineageStore store = dynamo.store("others");
    tell(store, new Metadata("x").commit(1, Map.of("run-a", 10L, "*", 7L), 17));

    assertThat(names(store.runsBehind(BARS, 1))).containsExactly("run-a");
    assertThat(store.writtenBy("*")).isEmpty();
    assertThat(store.commit(BARS, 1).get(0).values()).containsEntry("others", 7L);
  }

  @Test
  void factsThatAreTooLongForTheStoreAreCutAndNamesLeftOut() {
    LineageStore store = dynamo.store("long");
    Instant at = Instant.parse("2026-01-05T10:00:00Z");
    Map<String, String> asked = Map.of("symbols", "AAPL,".repeat(100_000));
    store.take(
        events.started(
            RunFacts.of("run-a", "ingest", "fmp.bars", at).asking(asked, List.of(), List.of())));

    assertThat((String) store.askedBy("run-a").get(0).values().get("asked"))
        .startsWith("{\"symbols\":\"AAPL,")
        .endsWith(" characters)")
        .hasSizeLessThan(21_000);
    byte[] longName = events.started(RunFacts.of("r".repeat(2100), "ingest", "fmp.bars", at));
    assertThatThrownBy(() -> store.take(longName)).isInstanceOf(MalformedEventException.class);
  }

  @Test
  void whatIsNoEventIsRefusedAndWritesNothing() {
    LineageStore store = dynamo.store("odd");
    for (String odd : new String[] {"", "no JSON", "[]", "{}", "7", "{\"run\":{}}"}) {
      assertThatThrownBy(() -> store.take(odd.getBytes(StandardCharsets.UTF_8)))
          .isInstanceOf(MalformedEventException.class);
    }
    store.take("{\"run\":{\"runId\":\"somebody else's\"}}".getBytes(StandardCharsets.UTF_8));
  }

  private List<byte[]> history() throws Exception {
    List<byte[]> all = new ArrayList<>();
    RunFacts run =
        RunFacts.of("run-a", "ingest", "fmp.bars", Instant.parse("2026-01-05T10:00:00Z"))
            .correlatedTo("demo-1")
            .asking(Map.of("symbols", "AAPL,MSFT"), List.of("fmp.bars"), List.of());
    all.add(events.started(run));
    all.add(
        events.completed(
            run.ended(
                Instant.parse("2026-01-05T10:01:00Z"), Map.of("records", 10L, "bytes", 1000L))));
    TableMetadataReader.commits(BARS, JSON.readTree(bars().bytes()))
        .forEach(commit -> all.add(events.committed(commit)));
    Metadata gold =
        new Metadata("/lake/gold/domain=portfolio/dataset=daily_portfolio_summary/version=1")
            .snapshot(
                7,
                Map.of(
                    "added-data-files",
                    "1",
                    "finks.gold-run",
                    "gold-run-1",
                    "finks.pins",
                    "{\"" + BARS + "\":2,\"silver.quotes_versions\":5}",
                    "finks.inputs",
                    "[\"" + BARS + "\"]"));
    TableMetadataReader.commits(GOLD, JSON.readTree(gold.bytes()))
        .forEach(commit -> all.add(events.committed(commit)));
    return all;
  }

  private static Metadata bars() throws Exception {
    return new Metadata("/lake/silver/entity=bars")
        .commit(1, Map.of("run-a", 10L), 10)
        .commit(2, Map.of("run-a", 4L, "run-b", 6L), 20);
  }

  private void tell(LineageStore store, Metadata table) throws Exception {
    TableMetadataReader.commits(BARS, JSON.readTree(table.bytes()))
        .forEach(commit -> store.take(events.committed(commit)));
  }

  private static List<String> names(List<LineageFact> facts) {
    return facts.stream().map(LineageFact::name).toList();
  }
}
