package ai.finks.stack.chaos;

import ai.finks.stack.home.FinksHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Seal, replay, expiry and orphan removal of the run's home, by the platform's own commands, beside
 * the live jobs and the records that flow.
 */
final class Upkeep {
  private static final Duration LONG_AGO = Duration.ofDays(4);
  private static final List<String> SEAL = List.of("seal");
  private static final List<String> EXPIRE =
      List.of("expire", "--older-than", "10m", "--orphans-older-than", "1d");

  private final FinksHome home;
  private final NodePool pool;
  private final Flow flow;
  private final List<String> findings = new ArrayList<>();
  private final List<String> changes = new ArrayList<>();

  Upkeep(FinksHome home, NodePool pool, Flow flow) {
    this.home = home;
    this.pool = pool;
    this.flow = flow;
  }

  /** What commands ended with that should have ended well. */
  List<String> findings() {
    return findings;
  }

  /** What replays have found or done that they should not have. */
  List<String> changes() {
    return changes;
  }

  /** Seals what is over; killed first where {@code points} say so. */
  void seal(String points) {
    if (points.isEmpty() || isKilled(points, SEAL)) {
      finish(SEAL);
    }
  }

  /** Seals and replays at the same time; the replay must not find anything to change. */
  void replayBesideSeal(MonthsReplay months) {
    try (HomeCommand seal = HomeCommand.start(home, pool, "", SEAL);
        HomeCommand replay = HomeCommand.start(home, pool, "", months.words())) {
      flow.until("the end of a seal and a replay", () -> seal.isOver() && replay.isOver());
      requireDone(seal);
      requireDone(replay);
      changes.addAll(months.differences(replay.result(), 0));
    }
  }

  /** Replays all at once, and nothing flows; they must not find anything to change. */
  void replay(List<MonthsReplay> all) {
    List<HomeCommand> replays = new ArrayList<>();
    all.forEach(months -> replays.add(HomeCommand.start(home, pool, "", months.words())));
    try {
      flow.await("the end of " + all, () -> replays.stream().allMatch(HomeCommand::isOver));
      for (int i = 0; i < all.size(); i++) {
        requireDone(replays.get(i));
        changes.addAll(all.get(i).differences(replays.get(i).result(), 0));
      }
    } finally {
      replays.forEach(HomeCommand::close);
    }
  }

  /**
   * Replays months that lost rows; it is killed where {@code points} say so, and resumed.
   *
   * @param toAdd how many rows are missing when it is resumed
   */
  void replayKilled(MonthsReplay months, String points, long toAdd) {
    List<String> words = months.words();
    try (HomeCommand command = HomeCommand.start(home, pool, points, words)) {
      flow.until("the death of " + words, command::isOver);
      requireKilled(command);
      words = months.resumed(command.progress());
    }
    changes.addAll(months.differences(finish(words), toAdd));
  }

  private boolean isKilled(String points, List<String> words) {
    try (HomeCommand command = HomeCommand.start(home, pool, points, words)) {
      flow.until("the death of " + words, command::isOver);
      requireKilled(command);
      return command.exitCode() != 0;
    }
  }

  /** Runs a command to its end and returns its result. */
  private String finish(List<String> words) {
    try (HomeCommand command = HomeCommand.start(home, pool, "", words)) {
      flow.until("the end of " + words, command::isOver);
      requireDone(command);
      return command.result();
    }
  }

  private void requireDone(HomeCommand command) {
    if (command.exitCode() != 0) {
      findings.add(command.description());
    }
  }

  private void requireKilled(HomeCommand command) {
    if (command.exitCode() != HomeCommand.KILLED) {
      findings.add("not killed: " + command.description());
    }
  }

  /**
   * Removes orphans. Nothing may run: every file is made to look old.
   *
   * @param points in the middle of it, where it is killed first, if there are orphans at all; empty
   *     for nowhere
   */
  void expire(String points) {
    age();
    if (!points.isEmpty()) {
      try (HomeCommand command = HomeCommand.start(home, pool, points, EXPIRE)) {
        flow.await("the death of " + EXPIRE, command::isOver);
        if (command.exitCode() != 0) {
          requireKilled(command);
        }
      }
    }
    try (HomeCommand command = HomeCommand.start(home, pool, "", EXPIRE)) {
      flow.await("the end of " + EXPIRE, command::isOver);
      requireDone(command);
    }
  }

  private void age() {
    FileTime then = FileTime.from(Instant.now().minus(LONG_AGO));
    try (Stream<Path> files = Files.walk(home.lake())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.setLastModifiedTime(file, then);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
