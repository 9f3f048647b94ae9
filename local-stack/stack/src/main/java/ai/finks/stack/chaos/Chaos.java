package ai.finks.stack.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.function.Consumer;

/**
 * Runs the platform under faults, seed by seed, and holds every table against a model of what was
 * sent. Nodes that survive a seed serve the next one.
 */
public final class Chaos implements AutoCloseable {
  private final Path folder;
  private final YearMonth present;
  private final Consumer<String> progress;
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
    this.present = present;
    this.progress = progress;
    NodeArchive archive = NodeArchive.of(classes);
    this.parts =
        new ChaosParts(new NodePool(folder.resolve("nodes"), archive), SchemaDesk.open(), schemas);
    if (!archive.isThere()) {
      progress.accept("Preparing what makes starts of nodes quick, once …");
      prepareNodes();
    }
  }

  private void prepareNodes() throws IOException {
    boolean done = false;
    try {
      run(0, 0);
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
   * @throws PlatformFailure if the run itself cannot go on
   */
  public ChaosReport run(long seed, int faults) throws IOException {
    try (ChaosRun run = prepare(seed, faults)) {
      return run.live();
    }
  }

  /** A run that has not begun; the caller closes it. */
  ChaosRun prepare(long seed, int faults) throws IOException {
    return new ChaosRun(seed, Fault.of(seed, faults), parts, home(seed), present, progress);
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
