package ai.finks.stack.chaos;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.YearMonth;
import java.util.List;
import java.util.function.Consumer;

/**
 * Runs the platform under faults, seed by seed, and holds every table against a model of what was
 * sent. Nodes that survive a seed serve the next one.
 */
public final class Chaos implements AutoCloseable {
  private final Path folder;
  private final ChaosParts parts;

  /**
   * Opens what all seeds share.
   *
   * @param schemas the folder of the shipped contracts and bindings
   * @param folder for a home per seed and the nodes' scratch files and logs
   * @param classes for what makes starts of nodes quick; worth keeping
   * @param present a month that is not over
   * @param progress receives a line per fault
   */
  public Chaos(
      Path schemas, Path folder, Path classes, YearMonth present, Consumer<String> progress)
      throws IOException {
    this.folder = folder;
    Files.createDirectories(classes);
    // Another process may want the same archive at this moment: it waits, and finds it there.
    try (FileChannel archives =
            FileChannel.open(
                classes.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock ignored = archives.lock()) {
      NodeArchive archive = NodeArchive.of(classes);
      this.parts =
          new ChaosParts(
              new NodePool(folder.resolve("nodes"), archive),
              SchemaDesk.open(),
              schemas,
              present,
              progress);
      if (!archive.isThere()) {
        progress.accept("Preparing what makes starts of nodes quick, once …");
        prepareNodes();
      }
    }
  }

  private void prepareNodes() throws IOException {
    boolean done = false;
    try {
      run(0, 0, "");
      done = true;
    } finally {
      if (!done) {
        close();
      }
    }
  }

  /**
   * Runs one seed.
   *
   * @param only a part of the name of the faults that may happen, such as {@code take-over} or
   *     {@code replay.staged}; empty for all
   * @throws IllegalArgumentException if there is no such fault
   * @throws PlatformFailure if the run itself cannot go on
   */
  public ChaosReport run(long seed, int faults, String only) throws IOException {
    try (ChaosRun run = prepare(seed, Fault.of(seed, faults, only))) {
      return run.live();
    }
  }

  /** A run that has not begun; the caller closes it. */
  ChaosRun prepare(long seed, List<Fault> faults) throws IOException {
    return new ChaosRun(seed, faults, parts, home(seed));
  }

  /** Removes a folder that runs have filled. */
  public static void remove(Path folder) {
    Folders.remove(folder);
  }

  /** Where a seed's tables and log are. */
  public Path home(long seed) {
    return folder.resolve("seed-" + seed);
  }

  @Override
  public void close() {
    parts.pool().close();
    parts.desk().close();
  }
}
