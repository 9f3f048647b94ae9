package ai.finks.stack.cli;

import ai.finks.stack.home.FinksHome;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
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
    FileChannel channel =
        FileChannel.open(
            home.folder().resolve(work + ".lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
    if (lock(channel) == null) {
      channel.close();
      throw CommandFailure.usage("Another " + work + " runs on " + home + "; wait for its end");
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
