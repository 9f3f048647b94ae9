package ai.finks.stack.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.finks.stack.Checkout;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A stack of processes: a broker, a Flink cluster and an object store of their own. */
class ProcessesModeTest {
  private static final Path PROCESSES = Checkout.root().resolve(".finks").resolve("processes");
  private static final List<String> PARTS =
      List.of("kafka", "registry", "s3", "flink", "taskmanager");

  @TempDir Path home;

  @BeforeEach
  void requireWhatTheLauncherGathers() {
    assumeTrue(
        Files.exists(PROCESSES.resolve("finks-jobs.jar")),
        "SKIPPED: no Flink and no jobs in " + PROCESSES + "; ./finks test gathers them");
  }

  @Test
  void processesTakeASourceIntoTablesBehindAnS3ApiAndBack() throws Exception {
    try (TestStack stack = TestStack.up(home, "--mode", "processes")) {
      assertThat(pids(stack).keySet()).containsAll(PARTS);
      assertThat(pids(stack).values()).as("one process for each").doesNotHaveDuplicates();

      stack.done(
          "ingest",
          "fmp.bars",
          "--symbols",
          "AAPL,MSFT",
          "--from",
          "2017-01-01",
          "--to",
          "2017-01-31");
      long silver = stack.barsAfterWait().path("silver").asLong();

      assertThat(silver).isEqualTo(40);
      Process query =
          stack.launch(
              "query", "--quiet", "--format", "csv", "select count(*) as n from silver.bars");
      assertThat(query.waitFor()).as(stack.launchedOutput()).isZero();
      assertThat(stack.launchedOutput()).contains("40");
      assertThat(files("objects/finks/lake/bronze/source=fmp")).isNotEmpty();
      assertThat(files("objects/finks/lake/silver/entity=bars/year=2017")).isNotEmpty();
      assertThat(files("lake")).as("files beside the object store").isEmpty();
      assertThat(stack.run("up", "--mode", "embedded").err())
          .contains("made in the mode processes");
      assertThatEachProcessHasOneCopyOfSqlite(stack);
      assertThatHistoryWorks(stack);
      stack.done("down");
      for (String command : List.of("rebuild --all", "rebuild bars", "seal", "expire")) {
        assertThat(stack.run(command.split(" ")).err())
            .as(command)
            .contains("lie behind the S3 API of its stack, which is down", "./finks up");
      }
    }
  }

  /** Two copies in one process lose each other's locks, and commits with them. */
  private static void assertThatEachProcessHasOneCopyOfSqlite(TestStack stack) throws Exception {
    for (String part : List.of("flink", "taskmanager")) {
      Path maps = Path.of("/proc", pids(stack).get(part).toString(), "maps");
      if (Files.isReadable(maps)) {
        assertThat(
                Files.readAllLines(maps).stream()
                    .filter(line -> line.contains("libsqlitejdbc"))
                    .map(line -> line.substring(line.indexOf('/')))
                    .distinct())
            .as(part)
            .hasSize(1);
      }
    }
  }

  /** Each of the commands about the past, once, on tables and objects behind the S3 API. */
  private void assertThatHistoryWorks(TestStack stack) throws Exception {
    String hash = stack.barsHash();
    JsonNode sealed = stack.json("seal", "bars");
    assertThat(sealed.path("periods").findValuesAsText("period")).containsExactly("2017-01");
    long lost = LostRows.ofBars(home, "2017", "01");
    assertThat(lost).isPositive();

    JsonNode replay =
        stack.json(
            "replay",
            "bars",
            "--from",
            "2017-01-01",
            "--to",
            "2017-01-31",
            "--origin",
            "bronze",
            "--parallel",
            "2");

    assertThat(replay.path("state").asText()).isEqualTo("published");
    assertThat(replay.path("rows").path("added").asLong()).isEqualTo(lost);
    assertThat(stack.barsHash()).isEqualTo(hash);
    JsonNode traced =
        stack.json(
            "trace", "silver.bars", "--where", "symbol = 'AAPL' and trading_day = '2017-01-05'");
    assertThat(traced.toString()).contains("fmp.bars.raw.v1");
    JsonNode chunks =
        stack
            .json(
                "backfill",
                "fmp.bars",
                "--from",
                "2016-12-01",
                "--to",
                "2016-12-31",
                "--symbols",
                "AAPL")
            .path("chunks");
    assertThat(chunks.findValuesAsText("state")).containsOnly("unchanged");
    String more = stack.barsHash();
    assertThat(stack.json("rebuild", "bars").path("hashes").path("silver.bars_versions").asText())
        .isEqualTo(more);
    String id = replay.path("replay_id").asText();
    await()
        .atMost(TestStack.PATIENCE)
        .untilAsserted(
            () -> assertThat(stack.run("lineage", "run", id).out()).contains("asked", "came"));
  }

  @Test
  @EnabledIfSystemProperty(
      named = "finks.processes",
      matches = "long",
      disabledReason = "kills each process in turn; docs/operations.md has the command")
  void whicheverProcessIsKilledUpBringsTheStackBack() throws Exception {
    try (TestStack stack = TestStack.up(home, "--mode", "processes")) {
      List<String> days = new ArrayList<>(List.of("02", "03", "04", "05", "06", "07"));
      List<String> killed = new ArrayList<>(PARTS);
      killed.add("stack");
      long expected = 0;
      for (String part : killed) {
        String month = days.remove(0);
        ProcessHandle process =
            part.equals("stack") ? null : ProcessHandle.of(pids(stack).get(part)).orElseThrow();
        if (process == null) {
          stack.kill();
        } else {
          process.destroyForcibly();
          await().atMost(Duration.ofSeconds(10)).until(() -> !process.isAlive());
        }
        stack.done("up");
        JsonNode sent =
            stack.json(
                "ingest",
                "fmp.bars",
                "--symbols",
                "AAPL",
                "--from",
                "2017-" + month + "-01",
                "--to",
                "2017-" + month + "-28");
        expected += sent.path("sent").asLong();
        assertThat(stack.barsAfterWait().path("silver").asLong())
            .as("rows after %s was killed", part)
            .isEqualTo(expected);
      }
      String hash = stack.barsHash();
      stack.done("down");
      stack.done("up");
      assertThat(stack.barsHash()).isEqualTo(hash);
      assertThat(stack.json("gold", "build").path("held")).isEmpty();
    }
  }

  private static Map<String, Long> pids(TestStack stack) {
    Map<String, Long> pids = new TreeMap<>();
    for (JsonNode component : stack.status().path("components")) {
      if (PARTS.contains(component.path("name").asText())) {
        pids.put(component.path("name").asText(), component.path("pid").asLong());
      }
    }
    return pids;
  }

  private List<Path> files(String below) throws Exception {
    Path folder = home.resolve(below);
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}
