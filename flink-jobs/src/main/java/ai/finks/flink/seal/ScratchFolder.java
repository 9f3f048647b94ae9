package ai.finks.flink.seal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A folder of this machine for rows that do not fit into memory; it goes with what is in it. */
public final class ScratchFolder implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(ScratchFolder.class);

  private final Path path;

  private ScratchFolder(Path path) {
    this.path = path;
  }

  /** Makes one, with a name of its own, in a folder that exists. */
  public static ScratchFolder in(Path parent, String prefix) throws IOException {
    return new ScratchFolder(Files.createTempDirectory(parent, prefix));
  }

  public Path path() {
    return path;
  }

  /** Never throws: what was done, or what it failed with, matters more than what is left here. */
  @Override
  public void close() {
    remove(path);
  }

  /** Removes a folder with all that it holds, as far as that can be done. */
  public static void remove(Path folder) {
    try (Stream<Path> found = Files.walk(folder)) {
      List<Path> innermostFirst =
          found.sorted(Comparator.reverseOrder()).collect(Collectors.toList());
      for (Path file : innermostFirst) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("Scratch folder {} was not removed", folder, e);
    }
  }
}
