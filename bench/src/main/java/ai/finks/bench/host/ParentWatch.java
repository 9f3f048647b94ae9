package ai.finks.bench.host;

import java.io.IOException;

/**
 * Ends a child when its parent is gone, however that went: the child's stdin is a pipe that the
 * parent holds open.
 */
public final class ParentWatch {
  private static final int ORPHANED = 3;

  private ParentWatch() {}

  /** Watches from now on. */
  public static void start() {
    Thread watch =
        new Thread(
            () -> {
              try {
                while (System.in.read() >= 0) {
                  // Nothing is ever said; only the end counts.
                }
              } catch (IOException e) {
                // The pipe is broken: the parent is gone as well.
              }
              Runtime.getRuntime().halt(ORPHANED);
            },
            "parent-watch");
    watch.setDaemon(true);
    watch.start();
  }
}
