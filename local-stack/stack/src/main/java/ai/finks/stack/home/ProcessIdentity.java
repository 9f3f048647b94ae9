package ai.finks.stack.home;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * A process as it was when it was recorded: its id and its start. Ids are used again by the system;
 * an id together with its start is not.
 *
 * @param pid process id
 * @param startMillis start, epoch milliseconds; 0 when the system does not tell
 */
public record ProcessIdentity(long pid, long startMillis) {
  private static final long START_TOLERANCE_MILLIS = 1_000;

  /**
   * The JVM option by which a process of ours is told from others. It goes first on the command
   * line, of which systems show the beginning only.
   */
  public static String mark(String name) {
    return "-Dfinks.process=" + name;
  }

  /** The calling process. */
  public static ProcessIdentity current() {
    return of(ProcessHandle.current());
  }

  /** The process behind {@code handle}. */
  public static ProcessIdentity of(ProcessHandle handle) {
    return new ProcessIdentity(
        handle.pid(), handle.info().startInstant().map(Instant::toEpochMilli).orElse(0L));
  }

  /**
   * The living process of this identity, or empty when it ended, even if its id is in use again.
   *
   * @param mark part of its command line, checked where the system shows command lines: see {@link
   *     #mark}
   */
  public Optional<ProcessHandle> find(String mark) {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(handle -> !isZombie())
        .filter(this::startsAtTheRecordedTime)
        .filter(
            handle -> handle.info().commandLine().map(line -> line.contains(mark)).orElse(true));
  }

  private boolean startsAtTheRecordedTime(ProcessHandle handle) {
    return handle
        .info()
        .startInstant()
        .map(start -> Math.abs(start.toEpochMilli() - startMillis) <= START_TOLERANCE_MILLIS)
        .orElse(startMillis == 0);
  }

  /**
   * A killed process stays listed until its parent asks for it, which in containers may be never.
   */
  private boolean isZombie() {
    Path stat = Path.of("/proc", Long.toString(pid), "stat");
    if (!Files.isReadable(stat)) {
      return false;
    }
    try {
      String line = new String(Files.readAllBytes(stat), StandardCharsets.ISO_8859_1);
      int state = line.lastIndexOf(')') + 2;
      return state < line.length() && (line.charAt(state) == 'Z' || line.charAt(state) == 'X');
    } catch (IOException e) {
      return false;
    }
  }
}
