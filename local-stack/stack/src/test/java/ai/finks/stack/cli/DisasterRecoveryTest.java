package ai.finks.stack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The drill of docs/runbooks/disaster-recovery.md, on a slice of data. */
class DisasterRecoveryTest {
  private static final long TRADING_DAYS = 62;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What a backup has: nothing else survives. */
  private static final Set<String> KEPT = Set.of("lake", "keys", "wrapping", "contracts");

  private static final String GOLD = "select * from gold.daily_portfolio_summary order by all";

  @TempDir Path folder;

  @Test
  void silverAndGoldComeBackFromBronzeAloneAndTheStackGoesOn() throws Exception {
    try (TestStack stack = TestStack.up(folder.resolve("home"))) {
      fill(stack);
      Map<String, String> hashes = hashes(stack);
      String gold = goldRows(stack);
      stack.done("rebuild", "bars");
      assertThat(hashes(stack)).isEqualTo(hashes);
      stack.kill();
      loseAllButBronze(stack.home());

      JsonNode rebuilt = stack.json("rebuild", "--all");

      assertThat(rebuilt.path("hashes").path("silver.bars_versions").asText())
          .isEqualTo(hashes.get("silver.bars_versions"));
      assertThat(hashes(stack)).isEqualTo(hashes);
      assertThat(goldRows(stack)).isEqualTo(gold);

      stack.done("up");
      JsonNode before = stack.barsAfterWait();
      assertThat(before.path("read").asLong()).isEqualTo(TRADING_DAYS + 3);
      assertThat(before.path("quarantine").asLong()).isEqualTo(1);
      stack.done(bars());
      JsonNode after = stack.barsAfterWait();
      assertThat(after.path("silver").asLong()).isEqualTo(before.path("silver").asLong());
      assertThat(after.path("duplicates").asLong() - before.path("duplicates").asLong())
          .isEqualTo(TRADING_DAYS);
      assertThat(hashes(stack)).isEqualTo(hashes);
    }
  }

  private void fill(TestStack stack) throws Exception {
    stack.done(bars());
    Path file =
        Files.writeString(
            folder.resolve("bars.csv"),
            "date,open,high,low,close,volume,Name\n"
                + "2016-01-04,10.5,11,10.25,10.75,1000,OTHER\n"
                + "2016-01-05,10.5,11,10.75,10.25,1000,OTHER\n"
                + "2016-01-04,10.5,11,10.25,10.80,1000,OTHER\n");
    stack.done("ingest", "files", "--binding", "files.bars", file.toString());
    Path deposit =
        Files.writeString(
            folder.resolve("transactions.ndjson"),
            "{\"_id\":\"T-1\",\"portfolioId\":\"PF-1\",\"clientId\":\"C-1\",\"clientName\":\"A B\","
                + "\"clientEmail\":\"a@example.org\",\"accountNumber\":\"12345678\","
                + "\"type\":\"deposit\",\"status\":\"booked\","
                + "\"netAmount\":{\"$numberDecimal\":\"50.00\"},\"currency\":\"USD\","
                + "\"tradeDate\":\"2017-01-05\","
                + "\"executedAt\":{\"$date\":\"2017-01-05T15:00:00Z\"},"
                + "\"updatedAt\":{\"$date\":\"2017-01-05T15:00:01Z\"}}\n");
    stack.done("ingest", "files", "--binding", "mongodb.transactions", deposit.toString());
    assertThat(stack.barsAfterWait().path("read").asLong()).isEqualTo(TRADING_DAYS + 3);
    output(stack, "gold", "build");
  }

  private static String[] bars() {
    return new String[] {
      "ingest", "fmp.bars", "--symbols", "AAPL", "--from", "2017-01-01", "--to", "2017-03-31"
    };
  }

  private static Map<String, String> hashes(TestStack stack) throws IOException {
    Map<String, String> hashes = new TreeMap<>();
    for (JsonNode table : stack.json("tables", "--hash").path("tables")) {
      if (table.has("hash")) {
        hashes.put(table.path("name").asText(), table.path("hash").asText());
      }
    }
    assertThat(hashes).containsKeys("silver.bars_versions", "silver.transactions_versions");
    return hashes;
  }

  private static String goldRows(TestStack stack) throws Exception {
    String rows = output(stack, "query", "--json", GOLD);
    assertThat(JSON.readTree(rows).size()).isPositive();
    return rows;
  }

  /** Python writes past this JVM, so the command runs in one of its own. */
  private static String output(TestStack stack, String... command) throws Exception {
    Process process = stack.launch(command);
    assertThat(process.waitFor()).as(List.of(command) + stack.launchedOutput()).isZero();
    return stack.launchedOutput();
  }

  private static void loseAllButBronze(Path home) throws IOException {
    try (Stream<Path> parts = Files.list(home)) {
      for (Path part : parts.filter(p -> !KEPT.contains(p.getFileName().toString())).toList()) {
        delete(part);
      }
    }
    try (Stream<Path> zones = Files.list(home.resolve("lake"))) {
      for (Path zone : zones.filter(z -> !z.endsWith("bronze")).toList()) {
        delete(zone);
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
