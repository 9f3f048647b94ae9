package ai.finks.flink.bronze.io;

import ai.finks.flink.bronze.core.BronzeEnvelope;
import ai.finks.flink.bronze.core.EnvelopeDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.function.Consumer;
import org.apache.flink.core.fs.Path;

/** Reads objects of Bronze back, line by line, from any file system that Flink knows. */
public final class BronzeReader {
  private static final int INITIAL_BYTES = 1 << 16;

  private final String lakeRoot;
  private final EnvelopeDecoder decoder = new EnvelopeDecoder();

  /**
   * @param lakeRoot URI or local path that the ledger's paths are below
   */
  public BronzeReader(String lakeRoot) {
    this.lakeRoot = lakeRoot;
  }

  /**
   * Hands on every line of an object, in its order.
   *
   * @param path as the ledger has it
   * @return number of lines
   */
  public long read(String path, Consumer<BronzeEnvelope> to) throws IOException {
    Path object = new Path(lakeRoot, path);
    try (InputStream in = object.getFileSystem().open(object)) {
      return read(in, to);
    }
  }

  /**
   * Hands on every line of a stream. Memory: the longest line.
   *
   * @throws IllegalArgumentException where a line is not Bronze's or the last one is cut
   */
  public long read(InputStream in, Consumer<BronzeEnvelope> to) throws IOException {
    byte[] buffer = new byte[INITIAL_BYTES];
    int filled = 0;
    long lines = 0;
    while (true) {
      int more = in.read(buffer, filled, buffer.length - filled);
      if (more < 0) {
        break;
      }
      int searchFrom = filled;
      filled += more;
      int lineStart = 0;
      for (int i = searchFrom; i < filled; i++) {
        if (buffer[i] == '\n') {
          to.accept(decoder.decode(buffer, lineStart, i - lineStart));
          lineStart = i + 1;
          lines++;
        }
      }
      System.arraycopy(buffer, lineStart, buffer, 0, filled - lineStart);
      filled -= lineStart;
      if (filled == buffer.length) {
        buffer = Arrays.copyOf(buffer, Math.multiplyExact(2, buffer.length));
      }
    }
    if (filled > 0) {
      throw new IllegalArgumentException("The last line is cut after " + filled + " bytes");
    }
    return lines;
  }
}
