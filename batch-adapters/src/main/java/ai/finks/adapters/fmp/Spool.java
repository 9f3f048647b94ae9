package ai.finks.adapters.fmp;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A stream that leaves a copy of all that is read from it in a file. */
final class Spool extends FilterInputStream {

  /** The file could not be written: our own fault, not that of whoever sends the stream. */
  static final class DiskException extends IOException {
    private static final long serialVersionUID = 1L;

    DiskException(Path file, IOException cause) {
      super("the response cannot be kept in " + file + ": " + cause.getMessage(), cause);
    }
  }

  private final Path file;
  private final FileChannel channel;

  /** Begins the file anew. */
  Spool(InputStream in, Path file) throws DiskException {
    super(in);
    this.file = file;
    try {
      this.channel =
          FileChannel.open(
              file,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new DiskException(file, e);
    }
  }

  @Override
  public int read() {
    throw new UnsupportedOperationException("reads are by arrays");
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int read = in.read(into, offset, length);
    if (read > 0) {
      ByteBuffer copy = ByteBuffer.wrap(into, offset, read);
      try {
        while (copy.hasRemaining()) {
          channel.write(copy);
        }
      } catch (IOException e) {
        throw new DiskException(file, e);
      }
    }
    return read;
  }

  /** The first bytes of the stream, also those that were read already. */
  byte[] head(int bytes) throws IOException {
    byte[] chunk = new byte[8192];
    try {
      while (channel.size() < bytes && read(chunk, 0, chunk.length) >= 0) {
        // Kept by reading.
      }
    } catch (DiskException e) {
      throw e;
    } catch (IOException e) {
      // What came has to do.
    }
    try (InputStream kept = Files.newInputStream(file)) {
      return kept.readNBytes(bytes);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
