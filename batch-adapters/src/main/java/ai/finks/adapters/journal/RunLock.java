package ai.finks.adapters.journal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a run to one process at a time.
 *
 * <p>The operating system's file lock is what counts, as it goes when its process does, however it
 * dies. The holder's process id is written beside it for those who only look: looking with the lock
 * itself could make a run that starts in that instant fail.
 */
final class RunLock implements AutoCloseable {
  private final FileChannel channel;

  private RunLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Takes the lock of a run's folder, or says who has it. */
  static RunLock take(Path folder, String runId) throws IOException {
    Path file = folder.resolve("lock");
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    if (tryLock(channel) == null) {
      channel.close();
      throw new RunRefusedException(
          String.format(
              "run %s is being run%s; wait for it, or use another run id",
              runId, holder(folder).map(p -> " by process " + p.pid()).orElse("")));
    }
    ProcessHandle self = ProcessHandle.current();
    String text = self.pid() + " " + startOf(self);
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(text.getBytes(UTF_8)), 0);
    return new RunLock(channel);
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  /** The living process that holds a run, if one does. */
  static Optional<ProcessHandle> holder(Path folder) {
    try {
      String[] parts = Files.readString(folder.resolve("lock")).split(" ", 2);
      return parts.length < 2
          ? Optional.empty()
          : ProcessHandle.of(Long.parseLong(parts[0]))
              .filter(process -> startOf(process).equals(parts[1]))
              .filter(process -> !isZombie(process));
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  // A killed process stays listed until its parent asks for it, which may be never.
  private static boolean isZombie(ProcessHandle process) {
    Path stat = Path.of("/proc", Long.toString(process.pid()), "stat");
    if (!Files.isReadable(stat)) {
      return false;
    }
    try {
      String line = Files.readString(stat, ISO_8859_1);
      int state = line.lastIndexOf(')') + 2;
      return state < line.length() && "ZX".indexOf(line.charAt(state)) >= 0;
    } catch (IOException e) {
      // It ended just now, or does not tell.
      return false;
    }
  }

  // A process id alone may belong to another process by now.
  private static String startOf(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toString).orElse("-");
  }

  @Override
  public void close() throws IOException {
    channel.truncate(0);
    channel.close();
  }
}
