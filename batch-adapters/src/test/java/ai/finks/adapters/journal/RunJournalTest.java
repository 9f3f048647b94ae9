package ai.finks.adapters.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.finks.adapters.core.IngestFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunJournalTest {
  private static final Map<String, String> ARGS = Map.of("symbols", "A,B");
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.000006Z");
  private static final UnitResult RESULT =
      new UnitResult(7, 70, List.of(new IngestFailure("A element 3", "too large", 200)));

  @TempDir Path home;

  @Test
  void whatIsWrittenIsReadBack() throws Exception {
    Batch batch;
    try (RunJournal journal = open("r1")) {
      assertThat(journal.resumed()).isFalse();
      batch = journal.begin(0, NOW, Map.of("symbol", "A"));
      journal.acknowledge(0, new UnitResult(3, 30, List.of()), 5);
      journal.begin(1, NOW, Map.of());
      journal.done(1, RESULT);
    }

    try (RunJournal journal = open("r1")) {
      assertThat(journal.resumed()).isTrue();
      assertThat(journal.units()).extracting(RunUnit::name).containsExactly("A", "B");
      assertThat(journal.batch(0)).isEqualTo(batch);
      assertThat(journal.soFar(0).sent()).isEqualTo(3);
      assertThat(journal.through(0)).isEqualTo(5);
      assertThat(journal.result(0)).isNull();
      assertThat(journal.result(1)).isEqualTo(RESULT);
      assertThat(journal.finished()).isFalse();
      assertThat(journal.summary().sent()).isEqualTo(10);
      journal.finish(NOW);
    }
    try (RunJournal journal = open("r1")) {
      assertThat(journal.finished()).isTrue();
    }
  }

  @Test
  void aRunThatFinishedLongAgoIsForgottenWhenAnotherBegins() throws Exception {
    for (String run : List.of("old", "recent", "unfinished")) {
      try (RunJournal journal = open(run)) {
        journal.done(0, RESULT);
        journal.done(1, RESULT);
        if (!run.equals("unfinished")) {
          journal.finish(NOW);
        }
      }
    }
    age("old", RunRetention.KEPT.plusDays(1));
    age("unfinished", RunRetention.KEPT.plusDays(1));
    age("recent", RunRetention.KEPT.minusDays(1));

    open("recent").close();
    assertThat(RunJournal.list(home)).hasSize(3);
    open("another").close();

    assertThat(RunJournal.list(home))
        .extracting(RunSummary::runId)
        .containsExactlyInAnyOrder("recent", "unfinished", "another");
    assertThat(home.resolve("runs/old")).doesNotExist();
  }

  private void age(String run, Duration age) throws IOException {
    Files.setLastModifiedTime(RunJournal.file(home, run), FileTime.from(Instant.now().minus(age)));
  }

  @Test
  void ingestTimesGrowAlsoOverExecutionsAndWhenTheClockStandsStill() throws Exception {
    long first;
    try (RunJournal journal = open("r1")) {
      first = journal.begin(0, NOW, Map.of()).ingestTimeMicros();
    }
    try (RunJournal journal = open("r1")) {
      assertThat(journal.begin(1, NOW.minusSeconds(60), Map.of()).ingestTimeMicros())
          .isEqualTo(first + 1);
    }
    assertThat(first).isEqualTo(1_767_323_045_000_006L);
  }

  @Test
  void whereverTheFileEndsTheEventsBeforeAreThere() throws Exception {
    try (RunJournal journal = open("r1")) {
      journal.begin(0, NOW, Map.of("symbol", "A"));
      journal.done(0, RESULT);
      journal.begin(1, NOW, Map.of());
      journal.finish(NOW);
    }
    Path file = home.resolve("runs/r1/journal.jsonl");
    byte[] whole = Files.readAllBytes(file);
    int planEnd = new String(whole, UTF_8).indexOf('\n') + 1;
    int doneEnd = new String(whole, UTF_8).indexOf("\"done\"");
    doneEnd = new String(whole, UTF_8).indexOf('\n', doneEnd) + 1;
    for (int length = 0; length < whole.length; length += 7) {
      Files.write(file, java.util.Arrays.copyOf(whole, length));
      try (RunJournal journal = open("r1")) {
        assertThat(journal.resumed()).isEqualTo(length >= planEnd);
        assertThat(journal.result(0)).isEqualTo(length >= doneEnd ? RESULT : null);
        assertThat(journal.finished()).isFalse();
        journal.acknowledge(1, RESULT, 9);
      }
      try (RunJournal journal = open("r1")) {
        assertThat(journal.through(1)).isEqualTo(9);
      }
    }
  }

  @Test
  void oneExecutionAtATime() throws Exception {
    try (RunJournal journal = open("r1")) {
      assertThatThrownBy(() -> open("r1"))
          .isInstanceOf(RunRefusedException.class)
          .hasMessageContaining("run r1 is being run")
          .hasMessageContaining(String.valueOf(ProcessHandle.current().pid()));
      assertThat(RunJournal.list(home))
          .extracting(RunSummary::state)
          .containsExactly(RunSummary.State.RUNNING);
      assertThat(journal.finished()).isFalse();
    }
    open("r1").close();
  }

  @Test
  void listSaysWhatEveryRunIs() throws Exception {
    open("r2").close();
    try (RunJournal journal = open("r1")) {
      journal.done(0, RESULT);
      journal.finish(NOW);
    }
    Files.createDirectories(home.resolve("runs/empty"));
    Files.createDirectories(home.resolve("runs/broken"));
    Files.writeString(home.resolve("runs/broken/journal.jsonl"), "not json\n");

    List<RunSummary> runs = RunJournal.list(home);

    assertThat(runs).extracting(RunSummary::runId).containsExactly("r2", "r1", "broken");
    assertThat(runs.get(0).state()).isEqualTo(RunSummary.State.UNFINISHED);
    assertThat(runs.get(0).adapter()).isEqualTo("fmp.bars");
    assertThat(runs.get(0).args()).isEqualTo(ARGS);
    assertThat(runs.get(1).state()).isEqualTo(RunSummary.State.FINISHED);
    assertThat(runs.get(1).sent()).isEqualTo(7);
    assertThat(runs.get(2).state()).isEqualTo(RunSummary.State.UNREADABLE);
    assertThat(RunJournal.find(home, "broken")).contains(runs.get(2));
    assertThat(RunJournal.find(home, "r1")).contains(runs.get(1));
    assertThat(RunJournal.find(home, "none")).isEmpty();
    assertThat(RunJournal.list(home.resolve("nowhere"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a/b", "-a", "a b", "ä"})
  void aRunIdThatCannotBePartOfAPathIsRefused(String runId) {
    assertThatThrownBy(() -> open(runId)).isInstanceOf(RunRefusedException.class);
  }

  @Test
  void createdRunIdsAreValidAndSortByTime() {
    String first = RunId.create("fmp.bars", NOW, 1);
    assertThat(first).isEqualTo("20260102-030405-fmp-bars-000001");
    assertThat(RunId.check(first)).isLessThan(RunId.create("a", NOW.plusSeconds(1), -1));
  }

  @Test
  void aKilledRunIsUnfinishedThoughNobodyAskedForItsProcess() throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "SKIPPED: no /proc to see a zombie in");
    try (RunJournal journal = open("r1")) {
      journal.begin(0, NOW, Map.of());
    }
    // The shell becomes a program that never asks for the shell's ended child.
    Process parent = new ProcessBuilder("sh", "-c", "sleep 0.5 & echo $!; exec sleep 60").start();
    try {
      String pid = parent.inputReader().readLine();
      ProcessHandle killed = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
      String start = killed.info().startInstant().map(Instant::toString).orElse("-");
      Files.writeString(home.resolve("runs/r1/lock"), pid + " " + start);
      Path stat = Path.of("/proc", pid, "stat");
      await().atMost(Duration.ofMinutes(1)).until(() -> Files.readString(stat).contains(") Z "));

      assertThat(RunJournal.find(home, "r1").orElseThrow().state())
          .isEqualTo(RunSummary.State.UNFINISHED);
    } finally {
      parent.destroyForcibly();
    }
  }

  private RunJournal open(String runId) throws IOException {
    return RunJournal.open(
        home,
        runId,
        "fmp.bars",
        ARGS,
        () -> List.of(new RunUnit("A", Map.of("symbol", "A")), new RunUnit("B", Map.of())));
  }
}
