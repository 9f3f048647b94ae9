package ai.finks.stack.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.expressions.Expression;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From rows of a dataset that is declared nowhere in the code to the records they came from. */
class TraceTest {
  private static final String BEHIND =
      "[{\"table\":\"transactions\",\"versions\":\"portfolio_id = gold.portfolio_id\","
          + "\"rows\":\"status = 'booked' and trade_date <= gold.flow_day\","
          + "\"why\":\"Flows add up.\"},"
          + "{\"table\":\"bars\",\"versions\":\"symbol in transactions.symbol and trading_day"
          + " between gold.flow_day - 7 days and gold.flow_day\","
          + "\"newest\":{\"by\":\"trading_day\",\"per\":\"symbol\",\"rows\":1},"
          + "\"precedence\":[\"fmp\",\"files\"],\"why\":\"Closes.\"}]";

  @TempDir Path folder;
  private TraceLake lake;

  @BeforeEach
  void lake() throws Exception {
    lake = new TraceLake(folder);
    lake.transactions(
        Map.of("transaction_id", "T1", "symbol", "AAPL", "trade_date", "2017-01-03"),
        Map.of("transaction_id", "T2", "symbol", "MSFT", "trade_date", "2017-01-04"),
        Map.of("transaction_id", "T3", "symbol", "AAPL", "trade_date", "2017-01-09"),
        Map.of("transaction_id", "T4", "symbol", "IBM", "trade_date", "2017-01-03"));
    // A correction: the newest version of T4 does not count any more.
    lake.transactions(
        Map.of("transaction_id", "T4", "symbol", "IBM", "status", "cancelled", "_version", 2L));
    lake.bars(
        Map.of("symbol", "AAPL", "trading_day", "2017-01-04", "close", "1.5"),
        Map.of("symbol", "AAPL", "trading_day", "2017-01-05", "close", "2.5"),
        Map.of("symbol", "AAPL", "trading_day", "2017-01-05", "_source", "files", "close", "9.9"),
        Map.of("symbol", "AAPL", "trading_day", "2017-01-06", "close", "3.5"),
        Map.of("symbol", "IBM", "trading_day", "2017-01-05", "close", "4.5"));
    lake.publish(
        "flows", "flow_day", BEHIND, Map.of("portfolio_id", "P", "flow_day", "2017-01-05"));
  }

  @AfterEach
  void close() throws Exception {
    lake.close();
  }

  @Test
  void rowIsFollowedToItsTestsSnapshotsRowsAndRecords() {
    JsonNode trace = lake.trace("gold.flows", "portfolio_id = 'P' and day = '2017-01-05'", true);

    assertThat(trace.at("/build/run_id").asText()).isEqualTo("20170106t000000-0000000a");
    assertThat(trace.at("/tests/passed").asInt()).isEqualTo(1);
    assertThat(texts(trace, "/pins", "table"))
        .containsExactly("silver.bars_versions", "silver.transactions_versions");
    assertThat(texts(trace, "/rows/0/behind/0/rows", "key", "transaction_id"))
        .containsExactly("T1", "T2");
    JsonNode bars = trace.at("/rows/0/behind/1/rows");
    assertThat(bars).hasSize(1);
    assertThat(bars.at("/0/row/close").asText()).isEqualTo("2.500000");
    JsonNode raw = trace.at("/rows/0/behind/0/rows/0/raw");
    assertThat(raw.path("from").asText()).isEqualTo("bronze");
    assertThat(raw.path("payload").asText()).isEqualTo("raw record of T1");
  }

  @Test
  void buildIsTracedAfterSilverWasRewrittenAndItsSnapshotsExpired() {
    JsonNode before = lake.trace("gold.flows", "portfolio_id = 'P'", true);
    lake.compactAndExpire("transactions");
    lake.compactAndExpire("bars");
    JsonNode after = lake.trace("gold.flows", "portfolio_id = 'P'", true);

    assertThat(after.path("rows")).isEqualTo(before.path("rows"));
    assertThat(before.at("/pins/0/current").asBoolean()).isTrue();
    assertThat(after.at("/pins/0/current").asBoolean()).isFalse();
    assertThat(texts(after, "/pins", "tags", "0")).containsOnly("gold_20170106t000000-0000000a");
  }

  @Test
  void buildWhosePinsAreGoneSaysSoAndStillShowsTheRest() {
    lake.unpin("transactions");
    lake.compactAndExpire("transactions");
    JsonNode trace = lake.trace("gold.flows", "portfolio_id = 'P'", false);

    assertThat(trace.at("/pins/1/kept").asBoolean()).isFalse();
    assertThat(trace.at("/rows/0/behind/0/problem").asText()).contains("has been expired");
    assertThat(trace.at("/rows/0/row/portfolio_id").asText()).isEqualTo("P");
  }

  @Test
  void payloadsOfClientsAreHiddenUnlessTheyAreAskedFor() {
    JsonNode hidden = lake.trace("gold.flows", "portfolio_id = 'P'", false);

    JsonNode client = hidden.at("/rows/0/behind/0/rows/0/raw");
    assertThat(client.has("payload")).isFalse();
    assertThat(client.path("hidden").asText()).contains("--reveal");
    assertThat(hidden.at("/rows/0/behind/1/rows/0/raw/payload").asText()).contains("AAPL");
  }

  @Test
  void manyRowsAreCountedAndSomeShown() {
    JsonNode trace = lake.trace(new TraceRequest("gold.flows", "portfolio_id = 'P'", 1, false));

    JsonNode section = trace.at("/rows/0/behind/0");
    assertThat(section.path("rows_total").asInt()).isEqualTo(2);
    assertThat(section.path("rows")).hasSize(1);
    assertThat(section.path("runs").properties().iterator().next().getValue().asInt()).isEqualTo(2);
    assertThat(section.at("/offsets/0/rows").asInt()).isEqualTo(2);
  }

  @Test
  void rowsOfSilverAreTracedInTheirNewestVersionOrInEach() {
    JsonNode replaced =
        lake.trace("silver.transactions", "symbol = 'IBM' and status = 'booked'", false);
    JsonNode versions = lake.trace("silver.transactions_versions", "symbol = 'IBM'", false);
    JsonNode bars = lake.trace("silver.bars", "day = '2017-01-06'", false);

    assertThat(replaced.at("/silver/rows_total").asInt()).isZero();
    assertThat(versions.at("/silver/rows_total").asInt()).isEqualTo(2);
    assertThat(bars.at("/silver/rows/0/raw/from").asText()).isEqualTo("bronze");
  }

  @Test
  void allRowsAreCountedAndTheLatestShownHoweverManyThereAre() {
    JsonNode bars = lake.trace(new TraceRequest("silver.bars", "close > 0", 2, false));

    assertThat(bars.at("/silver/rows_total").asInt()).isEqualTo(5);
    assertThat(texts(bars, "/silver/rows", "key", "trading_day"))
        .containsExactly("2017-01-06", "2017-01-05");
    assertThat(bars.at("/silver/rows/0/row/close").asText()).isEqualTo("3.500000");
    assertThat(bars.at("/silver/offsets/0/rows").asInt()).isEqualTo(5);
    assertThat(bars.at("/silver/runs/run-1").asInt()).isEqualTo(5);
  }

  @Test
  void rowsOfSealedPeriodsAreToldByTheirMarksAndTakeNoMemory() throws Exception {
    lake.sealedBars(
        Map.of("symbol", "KO", "trading_day", "2017-02-01", "_superseded", true),
        Map.of("symbol", "KO", "trading_day", "2017-02-01", "_superseded", false, "_version", 2L),
        Map.of("symbol", "PEP", "trading_day", "2017-02-01", "_superseded", false));
    Expression february = filter("bars", "trading_day >= '2017-02-01'");

    SilverSearch.Found sealed = lake.search("bars", 0).newest(february, 5);
    assertThat(sealed.summary().rows()).isEqualTo(2);
    assertThat(sealed.shown()).extracting(row -> row.getField("_version")).containsExactly(2L, 1L);

    lake.bars(Map.of("symbol", "KO", "trading_day", "2017-02-01", "month", "02", "_version", 3L));
    assertThat(lake.search("bars", 2).newest(february, 5).shown())
        .extracting(row -> row.getField("_version"))
        .as("the late row reopened the period, so its marks are not enough")
        .containsExactlyInAnyOrder(1L, 3L);
  }

  @Test
  void streamThatFailsIsAskedOnceAndBronzeHasTheRecord() {
    List<String> asked = new ArrayList<>();
    RawLookup.Stream failing =
        new RawLookup.Stream() {
          @Override
          public Map<Coordinate, RawFinding> find(Collection<Coordinate> wanted) {
            asked.add("stream");
            throw new TimeoutException("no broker");
          }

          @Override
          public void close() {}
        };

    try (RawLookup lookup = lake.lookup(failing)) {
      Coordinate first =
          Coordinate.of(lake.rows("bars").first(filter("bars", "symbol = 'IBM'"), 1).get(0));
      assertThat(lookup.find(Set.of(first)).get(first).from()).isEqualTo("bronze");
      assertThat(lookup.find(Set.of(first))).containsKey(first);
      assertThat(lookup.streamProblem().orElseThrow()).contains("no broker");
    }
    assertThat(asked).hasSize(1);
  }

  @Test
  void rowsBeyondWhatMemoryIsMeantForAreRefusedAndNeverCutSilently() {
    Expression all = filter("bars", "close > 0");

    assertThatThrownBy(() -> lake.search("bars", 4).newest(all, 5))
        .isInstanceOf(RowFilterException.class)
        .hasMessageContaining("more than 4 rows");
    assertThat(lake.search("bars", 4).versions(all, 5).summary().rows()).isEqualTo(5);
    Behind step = Behind.parse(BEHIND).get(0);
    SilverRows rows = new SilverRows(lake.contract("transactions"), lake.rows("transactions"), 4);
    assertThatThrownBy(() -> rows.behind(step, column -> List.of("P")))
        .isInstanceOf(SilverRows.TooManyRowsException.class)
        .hasMessageContaining("more than 4 versions");
  }

  private Expression filter(String entity, String expression) {
    return RowFilter.parse(expression, lake.schema(entity), Map.of(), RowFilter.OtherRows.NONE);
  }

  @Test
  void whatCannotBeTracedIsRefusedWithWhatThereIs() {
    assertThatThrownBy(() -> lake.trace("gold.flows", "colour = 'red'", false))
        .hasMessageContaining("at position 1")
        .hasMessageContaining("flow_day, month, portfolio_id, year, and day for flow_day");
    assertThatThrownBy(() -> lake.trace("gold.none", "a = 1", false))
        .hasMessageContaining("there is no gold.none");
    assertThatThrownBy(() -> lake.trace("silver.none", "a = 1", false))
        .hasMessageContaining("there is no entity none");
    assertThatThrownBy(() -> lake.trace("quarantine.bars", "a = 1", false))
        .hasMessageContaining("cannot be traced");
  }

  private static List<String> texts(JsonNode trace, String array, String... path) {
    List<String> texts = new ArrayList<>();
    for (JsonNode node : trace.at(array)) {
      texts.add(node.at("/" + String.join("/", path)).asText());
    }
    return texts;
  }
}
