package ai.finks.stack.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.finks.flink.fault.FaultPoints;
import ai.finks.flink.replay.core.ReplayPlan;
import ai.finks.flink.replay.io.ReplayTables;
import ai.finks.flink.silver.io.PipelineTable;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.lake.Lake;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stacks killed (SIGKILL) in the middle of an ingest, beside one that nobody disturbed. */
class KilledStackTest {
  private static final int KILLS = 5;
  private static final int KILL_WITHOUT_FLINK_STATE = 3;
  private static final int DAYS = 300;
  private static final String RUN = "disturbed";
  private static final List<String> SYMBOLS =
      List.of(
          "AAPL", "MSFT", "AMZN", "GE", "F", "IBM", "INTC", "KO", "PEP", "PFE", "XOM", "WMT", "T",
          "VZ");
  private static final long TRADING_DAYS_OF_2017 = 251;
  private static final String KILLED_IN_ITS_COMMIT =
      "-D" + FaultPoints.PROPERTY + "=seal.commit.planned:kill";
  private static final String KILLED_IN_ITS_PUBLISH =
      "-D" + FaultPoints.PROPERTY + "=replay.publish.planned:kill";
  // Slow enough that a kill finds the run in its middle.
  private static final String SLOW = "{\"probabilities\":{\"SLOW\":1},\"slowMillis\":1500}";

  @TempDir Path folder;

  @Test
  void aStackKilledFiveTimesInMidIngestEndsWithTheTablesOfAnUndisturbedOne() throws Exception {
    Path bars = barsWithOneBadRow();
    CompletableFuture<String> undisturbed =
        CompletableFuture.supplyAsync(() -> undisturbedHash(bars));

    try (TestStack killed = TestStack.up(folder.resolve("killed"))) {
      killed.done("ingest", "files", "--binding", "files.bars", bars.toString());
      for (int kill = 1; kill <= KILLS; kill++) {
        killInMidIngest(killed);
        if (kill == KILL_WITHOUT_FLINK_STATE) {
          delete(FinksHome.at(killed.home()).checkpoints());
        }
        killed.done("up");
      }
      killed.done("ingest", "--run-id", RUN);

      JsonNode counts = killed.barsAfterWait();
      String expected = undisturbed.get(TestStack.PATIENCE.toSeconds(), TimeUnit.SECONDS);
      long kept = DAYS - 1 + SYMBOLS.size() * TRADING_DAYS_OF_2017;
      assertThat(counts.path("silver").asLong()).isEqualTo(kept);
      assertThat(counts.path("quarantine").asLong()).isEqualTo(1);
      assertThat(killed.barsHash()).isEqualTo(expected);
      assertThat(killed.statusOf(RUN).path("state").asText()).isEqualTo("finished");

      killed.done("ingest", "files", "--binding", "files.bars", bars.toString());
      JsonNode again = killed.barsAfterWait();
      assertThat(again.path("duplicates").asLong() - counts.path("duplicates").asLong())
          .isEqualTo(DAYS - 1);
      assertThat(killed.barsHash()).isEqualTo(expected);
      assertThatAKilledSealIsRunAgain(killed, expected);
      assertThatAKilledReplayGoesOn(killed, expected);
      assertThatProduceEndsWithItsStack(killed);
    } finally {
      // Its stack must not outlive the folder.
      undisturbed.handle((hash, failure) -> "").join();
    }
  }

  private static void assertThatAKilledSealIsRunAgain(TestStack stack, String hash)
      throws Exception {
    JsonNode before = stack.bars();
    assertThat(before.path("periods_sealed").asInt()).isZero();
    Process seal = stack.launch(Map.of("JAVA_TOOL_OPTIONS", KILLED_IN_ITS_COMMIT), "seal", "bars");
    assertThat(TestStack.ends(seal)).as("seal ended").isTrue();
    assertThat(seal.exitValue()).as(stack.launchedOutput()).isEqualTo(137);
    assertThat(stack.bars().path("files").asInt()).isEqualTo(before.path("files").asInt());

    JsonNode sealed = stack.json("seal");

    assertThat(sealed.path("periods")).hasSize(before.path("periods_open").asInt());
    JsonNode after = stack.bars();
    assertThat(after.path("periods_open").asInt()).isZero();
    assertThat(after.path("files").asInt()).isEqualTo(after.path("periods_sealed").asInt());
    assertThat(after.path("rows")).isEqualTo(before.path("rows"));
    assertThat(after.path("hash").asText()).isEqualTo(hash);
    assertThat(stack.json("seal", "--dry-run").path("periods")).isEmpty();
    assertThat(stack.json("expire", "--dry-run").path("tables")).isNotEmpty();
  }

  /** Killed while it stages, and once more when all is written and not committed. */
  private static void assertThatAKilledReplayGoesOn(TestStack stack, String hash) throws Exception {
    long lost = LostRows.ofBars(stack.home(), "2017", "03");
    Process staging = stack.launch(march());
    String id;
    try {
      id = awaitStaged(stack);
    } finally {
      staging.destroyForcibly().waitFor();
    }
    Process publishing =
        stack.launch(
            Map.of("JAVA_TOOL_OPTIONS", KILLED_IN_ITS_PUBLISH), "replay", "bars", "--resume", id);
    assertThat(TestStack.ends(publishing)).as("replay ended").isTrue();
    assertThat(publishing.exitValue()).as(stack.launchedOutput()).isEqualTo(137);
    assertThat(stack.barsHash()).isNotEqualTo(hash);

    JsonNode resumed = stack.json("replay", "bars", "--resume", id);

    assertThat(resumed.path("state").asText()).isEqualTo("published");
    assertThat(resumed.path("rows").path("added").asLong()).isEqualTo(lost);
    assertThat(stack.barsHash()).isEqualTo(hash);
    assertThat(stack.json(march()).path("state").asText()).isEqualTo("unchanged");
    assertThat(stack.run("replay", "bars", "--resume", id).err()).contains("No replay " + id);
  }

  private static String[] march() {
    return new String[] {"replay", "bars", "--from", "2017-03-01", "--to", "2017-03-31"};
  }

  /** Until a replay's staged table has its first snapshot. */
  private static String awaitStaged(TestStack stack) throws IOException {
    try (Lake lake = Lake.open(FinksHome.at(stack.home()))) {
      List<ReplayPlan> staged =
          await()
              .atMost(TestStack.PATIENCE)
              .pollInterval(Duration.ofMillis(50))
              .until(() -> ReplayTables.all(lake.catalog()), plans -> !plans.isEmpty());
      ReplayTables tables = new ReplayTables(lake.catalog(), staged.get(0).id());
      await()
          .atMost(TestStack.PATIENCE)
          .until(
              () -> lake.load(tables.identifier(PipelineTable.SILVER)).currentSnapshot() != null);
      return staged.get(0).id();
    }
  }

  /** Also while it waits for its next line, which never comes. */
  private static void assertThatProduceEndsWithItsStack(TestStack stack) throws Exception {
    Process produce = stack.launch("produce", "fmp.bars");
    try {
      await().atMost(TestStack.PATIENCE).until(() -> stack.launchedOutput().contains(" starts: "));
      stack.kill();

      assertThat(TestStack.ends(produce)).as("produce ended").isTrue();
      assertThat(produce.exitValue()).isEqualTo(3);
      assertThat(stack.launchedOutput()).contains("is gone", "./finks up", "send everything again");
    } finally {
      produce.destroyForcibly();
    }
  }

  private String undisturbedHash(Path bars) {
    try (TestStack undisturbed = TestStack.up(folder.resolve("undisturbed"))) {
      undisturbed.done("ingest", "files", "--binding", "files.bars", bars.toString());
      undisturbed.done(ingest());
      undisturbed.barsAfterWait();
      return undisturbed.barsHash();
    } catch (Exception e) {
      throw new CompletionException(e);
    }
  }

  private static void killInMidIngest(TestStack stack) throws Exception {
    stack.faults(SLOW);
    int before = stack.statusOf(RUN).path("units_done").asInt();
    CompletableFuture<CommandRun> ingest = stack.start(ingest());
    await()
        .atMost(TestStack.PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> ingest.isDone() || stack.statusOf(RUN).path("units_done").asInt() > before);
    assertThat(ingest).isNotDone();
    stack.kill();

    CommandRun ended = ingest.get(TestStack.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(3);
    assertThat(ended.err()).contains("is gone", "ingest --run-id " + RUN);
    JsonNode run = stack.statusOf(RUN);
    assertThat(run.path("state").asText()).isEqualTo("unfinished");
    assertThat(run.path("resume").asText()).contains("--run-id " + RUN);
    assertThat(stack.run("status").exitCode()).isEqualTo(3);
  }

  private static String[] ingest() {
    return new String[] {
      "ingest",
      "fmp.bars",
      "--symbols",
      String.join(",", SYMBOLS),
      "--from",
      "2017-01-01",
      "--to",
      "2017-12-31",
      "--parallel",
      "1",
      "--run-id",
      RUN
    };
  }

  /** One symbol's days, the last of which has its low above its close. */
  private Path barsWithOneBadRow() throws IOException {
    List<String> lines = new ArrayList<>(List.of("date,open,high,low,close,volume,Name"));
    LocalDate first = LocalDate.of(2015, 1, 1);
    for (int day = 0; day < DAYS - 1; day++) {
      lines.add(first.plusDays(day) + ",10.5,11,10.25," + (10.5 + day % 2 / 4.0) + ",1000,TEST");
    }
    lines.add(first.plusDays(DAYS) + ",10.5,11,10.75,10.25,1000,TEST");
    return Files.write(folder.resolve("bars.csv"), lines);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path path : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(path);
      }
    }
  }
}
