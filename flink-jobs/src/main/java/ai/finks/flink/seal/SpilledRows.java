package ai.finks.flink.seal;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.apache.flink.core.memory.DataInputViewStreamWrapper;
import org.apache.flink.core.memory.DataOutputViewStreamWrapper;
import org.apache.flink.table.data.binary.BinaryRowData;
import org.apache.flink.table.runtime.typeutils.BinaryRowDataSerializer;
import org.apache.flink.util.IOUtils;
import org.jspecify.annotations.Nullable;

/** Rows in a scratch file of this machine, written once, read in the order of writing. */
final class SpilledRows implements Closeable {
  private static final int BUFFER_BYTES = 64 << 10;
  private static final int COMPRESSION_LEVEL = 1;

  private final Path file;
  private final BinaryRowDataSerializer serializer;
  private final DataOutputViewStreamWrapper out;
  private long rows;

  /** How a file is begun. */
  interface Opening {
    OutputStream open(Path file) throws IOException;
  }

  /** Begins a file in the folder. */
  SpilledRows(Path folder, int columns) {
    this(
        folder.resolve("rows-" + UUID.randomUUID() + ".spill"),
        columns,
        // One call makes and opens it: there is no file that nobody closes.
        file -> Files.newOutputStream(file, StandardOpenOption.CREATE_NEW));
  }

  SpilledRows(Path file, int columns, Opening opening) {
    this.serializer = new BinaryRowDataSerializer(columns);
    this.file = file;
    try {
      this.out =
          new DataOutputViewStreamWrapper(
              new BufferedOutputStream(
                  new ZstdOutputStream(opening.open(file), COMPRESSION_LEVEL), BUFFER_BYTES));
    } catch (IOException e) {
      throw new UncheckedIOException("Rows cannot be spilled to " + file, e);
    }
  }

  void add(BinaryRowData row) {
    try {
      serializer.serialize(row, out);
    } catch (IOException e) {
      throw new UncheckedIOException("Rows cannot be spilled to " + file, e);
    }
    rows++;
  }

  /** No more rows. */
  void end() {
    try {
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Rows cannot be spilled to " + file, e);
    }
  }

  /** The rows from the first one on; each is an object of its own. */
  Reader read() {
    try {
      return new Reader();
    } catch (IOException e) {
      throw new UncheckedIOException("Spilled rows cannot be read: " + file, e);
    }
  }

  /** Removes the file, also one that could not be written to its end. */
  @Override
  public void close() {
    // What is still in buffers is not needed any more, and may have nowhere to go.
    IOUtils.closeQuietly(out);
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot remove " + file, e);
    }
  }

  /** One pass over the rows. */
  final class Reader implements Closeable {
    private final DataInputViewStreamWrapper in;
    private long left = rows;

    private Reader() throws IOException {
      in =
          new DataInputViewStreamWrapper(
              new BufferedInputStream(
                  new ZstdInputStream(Files.newInputStream(file)), BUFFER_BYTES));
    }

    /** The next row, or null behind the last one. */
    @Nullable BinaryRowData next() {
      if (left == 0) {
        return null;
      }
      left--;
      try {
        return serializer.deserialize(in);
      } catch (EOFException e) {
        throw new UncheckedIOException(file + " is shorter than what was written", e);
      } catch (IOException e) {
        throw new UncheckedIOException("Spilled rows cannot be read: " + file, e);
      }
    }

    @Override
    public void close() {
      try {
        in.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
