package ai.finks.stack.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.finks.stack.Checkout;
import ai.finks.stack.embedded.StackProcess;
import ai.finks.stack.home.FinksHome;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackEndToEndTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int DAYS = 300;

  @TempDir Path folder;
  private final List<Path> homes = new ArrayList<>();

  @BeforeEach
  void needsTheRegistry() {
    Path registry = Checkout.root().resolve(".finks/registry");
    assumeTrue(
        Files.isDirectory(registry),
        "SKIPPED: no schema registry in " + registry + "; ./finks fetches it");
  }

  @AfterEach
  void endStacks() throws Exception {
    for (Path home : homes) {
      StackProcess.stop(FinksHome.at(home));
    }
  }

  @Test
  void aStackKilledAfterIngestEndsWithTheTablesOfAnUndisturbedOne() throws Exception {
    Path bars = barsWithOneBadRow();
    Path killed = up("killed");
    assertThat(run(killed, "up").err()).contains("is up (pid ");
    ingest(killed, bars);
    kill(killed);
    assertThat(run(killed, "status").exitCode()).isEqualTo(3);

    assertDone(run(killed, "up"));
    JsonNode counts = json(run(killed, "wait", "--json"));

    Path undisturbed = up("undisturbed");
    ingest(undisturbed, bars);
    assertThat(json(run(undisturbed, "wait", "--json"))).isEqualTo(counts);
    assertThat(counts.path("balanced").asBoolean()).isTrue();
    assertThat(counts.path("entities").path("bars").path("silver").asLong())
        .isEqualTo(DAYS - 1 + 2 * 251);
    assertThat(counts.path("entities").path("bars").path("quarantine").asLong()).isEqualTo(1);
    assertThat(barsHash(killed)).isEqualTo(barsHash(undisturbed));

    assertDone(run(killed, "ingest", "files", "--binding", "files.bars", bars.toString()));
    JsonNode again = json(run(killed, "wait", "--json"));
    assertThat(again.path("entities").path("bars").path("duplicates").asLong()).isEqualTo(DAYS - 1);
    assertThat(barsHash(killed)).isEqualTo(barsHash(undisturbed));
  }

  private Path up(String name) {
    Path home = folder.resolve(name);
    homes.add(home);
    assertDone(run(home, "up"));
    return home;
  }

  private static void ingest(Path home, Path bars) {
    assertDone(run(home, "ingest", "files", "--binding", "files.bars", bars.toString()));
    CommandRun fmp =
        run(
            home,
            "ingest",
            "fmp.bars",
            "--symbols",
            "AAPL,MSFT",
            "--from",
            "2017-01-01",
            "--to",
            "2017-12-31");
    assertDone(fmp);
    assertThat(fmp.err()).contains("the FMP simulator");
  }

  private static void kill(Path home) throws IOException {
    ProcessHandle stack =
        ProcessHandle.of(StackProcess.findLiving(FinksHome.at(home)).orElseThrow().process().pid())
            .orElseThrow();
    stack.destroyForcibly();
    await().atMost(Duration.ofMinutes(2)).until(() -> !stack.isAlive());
  }

  private static String barsHash(Path home) throws IOException {
    for (JsonNode table : json(run(home, "tables", "--hash", "--json")).path("tables")) {
      if (table.path("name").asText().equals("silver.bars_versions")) {
        return table.path("hash").asText();
      }
    }
    throw new AssertionError("no table silver.bars_versions");
  }

  private static CommandRun run(Path home, String... command) {
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.add("--home");
    arguments.add(home.toString());
    return CommandRun.of(arguments.toArray(new String[0]));
  }

  private static void assertDone(CommandRun run) {
    assertThat(run.exitCode()).as(run.err()).isZero();
  }

  private static JsonNode json(CommandRun run) throws IOException {
    assertDone(run);
    return JSON.readTree(run.out());
  }

  /** One symbol's days, the last of which has its low above its close. */
  private Path barsWithOneBadRow() throws IOException {
    List<String> lines = new ArrayList<>(List.of("date,open,high,low,close,volume,Name"));
    java.time.LocalDate first = java.time.LocalDate.of(2015, 1, 1);
    for (int day = 0; day < DAYS - 1; day++) {
      lines.add(first.plusDays(day) + ",10.5,11,10.25," + (10.5 + day % 2 / 4.0) + ",1000,TEST");
    }
    lines.add(first.plusDays(DAYS) + ",10.5,11,10.75,10.25,1000,TEST");
    Path file = folder.resolve("bars.csv");
    Files.write(file, lines);
    return file;
  }
}
