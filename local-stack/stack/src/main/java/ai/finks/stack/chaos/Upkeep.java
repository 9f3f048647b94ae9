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
 * Seal, expiry and orphan removal of the run's home, by the platform's own commands, beside the
 * live jobs and the records that flow.
 */
final class Upkeep {
  private static final int ATTEMPTS = 3;
  private static final Duration LONG_AGO = Duration.ofDays(4);

  private final FinksHome home;
  private final NodePool pool;
  private final Flow flow;
  private final List<String> findings = new ArrayList<>();

  Upkeep(FinksHome home, NodePool pool, Flow flow) {
    this.home = home;
    this.pool = pool;
    this.flow = flow;
  }

  /** What commands ended with that should have ended well. */
  List<String> findings() {
    return findings;
  }

  /** Seals what is over, first with {@code points} armed, until it ends well. */
  void seal(String points) {
    run(points, List.of("seal"), true);
  }

  private void run(String points, List<String> words, boolean flowing) {
    String armed = points;
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      try (HomeCommand command = HomeCommand.start(home, pool, armed, words)) {
        if (flowing) {
          flow.until("the end of " + words, command::isOver);
        } else {
          flow.await("the end of " + words, command::isOver);
        }
        if (command.exitCode() == 0) {
          return;
        }
        if (command.exitCode() != HomeCommand.KILLED || armed.isEmpty()) {
          findings.add(command.description());
        }
        armed = "";
      }
    }
  }

  /**
   * Removes orphans, once killed in the middle of it. Nothing may run: every file is made to look
   * old.
   */
  void expire() {
    age();
    List<String> words = List.of("expire", "--older-than", "10m", "--orphans-older-than", "1d");
    run("expire.remove-orphan@2:kill", words, false);
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
