package ai.finks.stack.home;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The right to run a stack on a home. The system gives it back when the holder ends, however it
 * ends, so a lock that can be had means that no stack runs there.
 */
public final class HomeLock implements AutoCloseable {
  private final FileChannel channel;

  private HomeLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Takes the lock, or returns empty when another process (or this one) holds it. */
  public static Optional<HomeLock> tryAcquire(FinksHome home) throws IOException {
    Files.createDirectories(home.folder());
    FileChannel channel =
        FileChannel.open(home.lockFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return Optional.of(new HomeLock(channel));
      }
    } catch (OverlappingFileLockException e) {
      // This very JVM holds it: to the caller that is the same as another process holding it.
    }
    channel.close();
    return Optional.empty();
  }

  /** Whether a stack holds the lock; true also while somebody just looks. */
  public static boolean isHeld(FinksHome home) throws IOException {
    if (!Files.exists(home.lockFile())) {
      return false;
    }
    Optional<HomeLock> lock = tryAcquire(home);
    if (lock.isEmpty()) {
      return true;
    }
    lock.get().close();
    return false;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
