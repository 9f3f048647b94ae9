package ai.finks.stack.chaos;

import ai.finks.stack.home.FinksHome;
import java.util.ArrayList;
import java.util.List;

/**
 * A command of the platform's own command line on the run's home, which runs beside everything
 * else: in a process of its own where it is to be killed, else in this one, which is warm.
 */
abstract class HomeCommand implements AutoCloseable {
  /** What a process that was killed ends with. */
  static final int KILLED = 137;

  private static final int SHOWN = 1500;

  private final List<String> words;

  HomeCommand(List<String> words) {
    this.words = List.copyOf(words);
  }

  /**
   * Starts a command.
   *
   * @param faultPoints where it is to be killed; empty for nowhere
   */
  static HomeCommand start(FinksHome home, NodePool pool, String faultPoints, List<String> words) {
    List<String> onHome = new ArrayList<>(words);
    onHome.addAll(List.of("--home", home.toString()));
    return faultPoints.isEmpty()
        ? new CommandThread(onHome)
        : CommandProcess.start(home, pool, faultPoints, onHome);
  }

  abstract boolean isOver();

  /** What it ended with; it must be over. */
  abstract int exitCode();

  /** What it printed as its result so far. */
  abstract String result();

  /** What it told on its way so far. */
  abstract String progress();

  /** The command and the end of what it said. */
  final String description() {
    String said = progress() + result();
    return String.join(" ", words)
        + " ended with "
        + (isOver() ? exitCode() : "nothing yet")
        + ": "
        + said.substring(Math.max(0, said.length() - SHOWN));
  }

  /** Ends it, whatever it does. */
  @Override
  public abstract void close();
}
