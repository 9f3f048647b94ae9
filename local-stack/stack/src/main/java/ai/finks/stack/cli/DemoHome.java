package ai.finks.stack.cli;

import ai.finks.stack.embedded.StackProcess;
import ai.finks.stack.home.FinksHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A demo's home: whatever ends the demo, an interrupt too, ends its stack and removes the home,
 * unless it is to be kept. A kept home of a failed demo stays, without a stack.
 */
final class DemoHome implements AutoCloseable {
  private final FinksHome home;
  private final boolean keep;
  private final CommonOptions common;
  private final Thread atExit = new Thread(this::interrupted, "clean-demo");
  private boolean succeeded;
  private boolean cleaned;

  DemoHome(FinksHome home, boolean keep, CommonOptions common) {
    this.home = home;
    this.keep = keep;
    this.common = common;
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  FinksHome home() {
    return home;
  }

  boolean isKept() {
    return keep;
  }

  /** From now on a kept stack stays up. */
  synchronized void succeeded() {
    succeeded = true;
  }

  @Override
  public void close() {
    clean();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The JVM is ending, and the hook runs or ran.
    }
  }

  private void interrupted() {
    if (!isOver()) {
      Finks.beQuiet();
      common.warn("Interrupted; ending the demo's stack …");
      clean();
    }
  }

  private synchronized boolean isOver() {
    return cleaned || (keep && succeeded);
  }

  private synchronized void clean() {
    if (isOver()) {
      return;
    }
    cleaned = true;
    try {
      StackProcess.stop(home);
    } catch (IOException | InterruptedException e) {
      common.warn("finks: the demo's stack on " + home + " did not end: " + e.getMessage());
    }
    if (keep) {
      common.warn("The demo's home stays in " + home);
      return;
    }
    try {
      remove(home.folder());
    } catch (IOException e) {
      common.warn("finks: the demo's home could not be removed: " + e.getMessage());
    }
  }

  private static void remove(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path path : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
        Files.deleteIfExists(path);
      }
    }
  }
}
