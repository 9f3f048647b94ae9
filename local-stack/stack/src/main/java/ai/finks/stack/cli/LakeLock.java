package ai.finks.stack.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.finks.stack.home.FinksHome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * One command at a time that does a certain work on a home; the system lets go of it when its
 * holder dies.
 */
final class LakeLock implements AutoCloseable {
  private final FileChannel channel;

  private LakeLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock.
   *
   * @param work names the lock's file, and what another command does
   */
  static LakeLock take(FinksHome home, String work) throws IOException {
    return take(home, work, work);
  }

  /**
   * Takes the lock of a work that several commands do.
   *
   * @param holder what this command is called, for those who find the lock taken
   */
  static LakeLock take(FinksHome home, String work, String holder) throws IOException {
    Path file = home.folder().resolve(work + ".lock");
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    if (lock(channel) == null) {
      String other = Files.readString(file);
      channel.close();
      throw CommandFailure.platform(
          "Another command works on "
              + home
              + ": "
              + (other.isBlank() ? work : other)
              + "; wait for its end");
    }
    byte[] name = (holder + " (pid " + ProcessHandle.current().pid() + ")").getBytes(UTF_8);
    channel.truncate(0).write(ByteBuffer.wrap(name));
    return new LakeLock(channel);
  }

  /** Takes the lock of one replay: nobody else goes on with it, or throws it away, meanwhile. */
  static LakeLock ofReplay(FinksHome home, String id) throws IOException {
    Files.createDirectories(home.scratch());
    Path file = home.scratch().resolve(id + ".lock");
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (lock(channel) == null) {
      channel.close();
      throw CommandFailure.usage("Replay " + id + " is running; wait for its end");
    }
    return new LakeLock(channel);
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException heldByThisProcess) {
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
