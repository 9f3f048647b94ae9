package ai.finks.stack.chaos;

import ai.finks.stack.cli.Finks;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;

/** A command in this process. */
final class CommandThread extends HomeCommand {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Thread thread;
  private volatile int exitCode;

  CommandThread(List<String> words) {
    super(words);
    this.thread =
        new Thread(
            () ->
                exitCode =
                    Finks.run(
                        words.toArray(new String[0]),
                        new PrintWriter(out, true),
                        new PrintWriter(err, true)),
            "finks " + words.get(0));
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  boolean isOver() {
    return !thread.isAlive();
  }

  @Override
  int exitCode() {
    return exitCode;
  }

  @Override
  String result() {
    return out.toString();
  }

  @Override
  String progress() {
    return err.toString();
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(PATIENCE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
