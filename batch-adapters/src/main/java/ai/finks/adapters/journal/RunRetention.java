package ai.finks.adapters.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the folders of runs that finished more than 30 days ago, whenever another run begins. A
 * run that did not finish is never removed, as its id still goes on where it was.
 */
final class RunRetention {
  static final Duration KEPT = Duration.ofDays(30);

  private static final Logger LOG = LoggerFactory.getLogger(RunRetention.class);

  private RunRetention() {}

  /** Removes what is old enough; what cannot be removed stays, and stops nothing. */
  static void apply(Path runs, Instant now) {
    try {
      for (Path folder : foldersUntouchedSince(runs, now.minus(KEPT))) {
        if (isFinished(folder)) {
          remove(folder);
        }
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("old runs could not be removed: folder={}", runs, e);
    }
  }

  /** A journal is only written to, so its last change is its run's. */
  private static List<Path> foldersUntouchedSince(Path runs, Instant limit) throws IOException {
    List<Path> old = new ArrayList<>();
    try (Stream<Path> folders = Files.list(runs)) {
      for (Path folder : (Iterable<Path>) folders::iterator) {
        Path journal = folder.resolve(RunJournal.FILE_NAME);
        if (Files.isRegularFile(journal)
            && Files.getLastModifiedTime(journal).toInstant().isBefore(limit)) {
          old.add(folder);
        }
      }
    }
    return old;
  }

  private static boolean isFinished(Path folder) {
    try {
      JournalState state = JournalFile.read(folder.resolve(RunJournal.FILE_NAME));
      return state != null && state.finished() && RunLock.holder(folder).isEmpty();
    } catch (IOException | RuntimeException e) {
      // Damaged: whoever looks into it decides.
      return false;
    }
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(file);
      }
    }
  }
}
