package ai.finks.bench.history;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One size of the benchmark, from files to Gold and back through a replay, in a home of its own.
 *
 * <pre>
 * files ─▶ ingest ─▶ wait ─▶ seal ─▶ gold build ─▶ replay of the middle third ─▶ the same again
 *     ─▶ the same beside a live load, if one is asked for
 * </pre>
 */
final class HistoryCase {
  private static final String ENTITY = "bars_intraday";

  private final Path root;
  private final Path folder;
  private final MinuteFiles minutes;
  private final ReplayLoad load;
  private final Consumer<String> progress;

  HistoryCase(
      Path root, Path folder, MinuteFiles minutes, ReplayLoad load, Consumer<String> progress) {
    this.root = root;
    this.folder = folder;
    this.minutes = minutes;
    this.load = load;
    this.progress = progress;
  }

  /** Runs it. What is not as it must be is in the result's problems. */
  HistoryResult run() throws IOException, InterruptedException {
    List<Path> files = minutes.write(Files.createDirectories(folder.resolve("minutes")));
    List<String> problems = new ArrayList<>();
    try (Platform platform = Platform.start(root, folder)) {
      double live = ingest(platform, files, problems);
      Platform.Outcome seal = step(platform, "seal", ENTITY);
      Platform.Outcome gold = step(platform, "gold", "build", "--select", "+intraday_sessions");
      check(problems, gold.document().path("held").isEmpty(), "Gold was held: " + gold.document());
      Platform.Outcome first = replay(platform, load.parallel(), problems);
      Platform.Outcome again = replay(platform, load.parallel(), problems);
      Optional<LiveLag> beside =
          load.hasLive() ? Optional.of(beside(platform, problems)) : Optional.empty();
      return new HistoryResult(
          minutes.days().size(),
          minutes.bars(),
          live,
          seal.seconds(),
          gold.seconds(),
          first.seconds(),
          first.document().path("records").asLong(),
          middle().size() * (minutes.bars() / minutes.days().size()),
          again.seconds(),
          sealedFiles(seal.document(), problems),
          platform.stackPeakResidentBytes(),
          first.peakResidentBytes(),
          seal.peakResidentBytes(),
          beside,
          problems);
    }
  }

  private double ingest(Platform platform, List<Path> files, List<String> problems)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("ingest", "files", "--binding"));
    command.add("files." + ENTITY);
    files.forEach(file -> command.add(file.toString()));
    long started = System.nanoTime();
    step(platform, command.toArray(String[]::new));
    JsonNode waited = step(platform, "wait", "--timeout", "2h").document();
    double seconds = (System.nanoTime() - started) / 1e9;
    JsonNode counts = waited.path("entities").path(ENTITY);
    check(problems, waited.path("balanced").asBoolean(), "the counts do not balance: " + counts);
    check(
        problems,
        counts.path("silver").asLong() == minutes.bars(),
        "Silver has " + counts + " of " + minutes.bars() + " bars");
    return seconds;
  }

  /** Replays, one stream partition at a time, while a live load is offered. */
  private LiveLag beside(Platform platform, List<String> problems)
      throws IOException, InterruptedException {
    List<LiveLoad.Sample> before;
    List<LiveLoad.Sample> during;
    int replays = 0;
    try (LiveLoad live = LiveLoad.start(platform, load.liveRate())) {
      long started = System.nanoTime();
      TimeUnit.SECONDS.sleep(load.warmUpSeconds());
      long began = System.nanoTime();
      before = live.between(started + TimeUnit.SECONDS.toNanos(load.warmUpSeconds() / 2), began);
      long end = began + TimeUnit.SECONDS.toNanos(load.liveSeconds());
      while (System.nanoTime() < end) {
        replay(platform, 1, problems);
        replays++;
      }
      during = live.between(began, System.nanoTime());
    }
    JsonNode counts = step(platform, "wait").document().path("entities").path("quotes");
    check(
        problems,
        counts.path("read").asLong() == counts.path("silver").asLong(),
        "of the live load not all became rows: " + counts);
    LiveLag lag = LiveLag.of(load.liveRate(), replays, before, during);
    check(problems, lag.isSteady(), "the live load fell further and further behind: " + lag);
    progress.accept("  " + lag);
    return lag;
  }

  private Platform.Outcome replay(Platform platform, int parallel, List<String> problems)
      throws IOException, InterruptedException {
    List<LocalDate> days = middle();
    Platform.Outcome replay =
        step(
            platform,
            "replay",
            ENTITY,
            "--from",
            days.get(0).toString(),
            "--to",
            days.get(days.size() - 1).toString(),
            "--parallel",
            Integer.toString(parallel));
    JsonNode rows = replay.document().path("rows");
    check(
        problems,
        replay.document().path("state").asText().equals("unchanged"),
        "a replay of what live wrote is " + replay.document().path("state") + ": " + rows);
    return replay;
  }

  private List<LocalDate> middle() {
    int third = minutes.days().size() / 3;
    return minutes.days().subList(third, 2 * third);
  }

  private static List<Long> sealedFiles(JsonNode seal, List<String> problems) {
    List<Long> files = new ArrayList<>();
    seal.path("periods").forEach(period -> files.add(period.path("files_after").asLong()));
    check(problems, !files.isEmpty(), "nothing was sealed: " + seal);
    return files;
  }

  private Platform.Outcome step(Platform platform, String... command)
      throws IOException, InterruptedException {
    Platform.Outcome outcome = platform.run(command);
    progress.accept(String.format("  %s: %.1f s", command[0], outcome.seconds()));
    return outcome;
  }

  private static void check(List<String> problems, boolean holds, String problem) {
    if (!holds) {
      problems.add(problem);
    }
  }
}
