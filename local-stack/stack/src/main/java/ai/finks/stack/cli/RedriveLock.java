package ai.finks.stack.cli;

import ai.finks.stack.home.FinksHome;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** One redrive at a time on a home; the system lets go of it when its holder dies. */
final class RedriveLock implements AutoCloseable {
  private final FileChannel channel;

  private RedriveLock(FileChannel channel) {
    this.channel = channel;
  }

  static RedriveLock take(FinksHome home) throws IOException {
    FileChannel channel =
        FileChannel.open(
            home.folder().resolve("redrive.lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
    if (lock(channel) == null) {
      channel.close();
      throw CommandFailure.usage("Another redrive runs on " + home + "; wait for its end");
    }
    return new RedriveLock(channel);
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
