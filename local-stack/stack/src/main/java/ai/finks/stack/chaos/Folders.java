package ai.finks.stack.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Removes folders, beside processes that may do the same. */
final class Folders {
  private Folders() {}

  /** Removes what is in a folder, and leaves the folder. */
  static void empty(Path folder) {
    for (Path path : below(folder)) {
      if (!path.equals(folder)) {
        delete(path);
      }
    }
  }

  /** Removes a folder with all that is in it. */
  static void remove(Path folder) {
    below(folder).forEach(Folders::delete);
  }

  private static List<Path> below(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.sorted(Comparator.reverseOrder()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (NoSuchFileException e) {
      return;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
