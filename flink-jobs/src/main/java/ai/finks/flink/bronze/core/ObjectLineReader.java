package ai.finks.flink.bronze.core;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes the lines of one object out of a stream, one at a time, and knows how many lines and bytes
 * they were and their checksum. Memory: the longest line, 64 KiB at least.
 */
public final class ObjectLineReader {
  private static final int INITIAL_BYTES = 1 << 16;

  private final InputStream in;
  private final MessageDigest digest = Sha256.begin();
  private final EnvelopeDecoder decoder = new EnvelopeDecoder();
  private byte[] buffer = new byte[INITIAL_BYTES];
  private int lineStart;
  private int searched;
  private int filled;
  private long bytes;
  private long lines;

  /**
   * @param in is read to its end, and closed by the caller
   */
  public ObjectLineReader(InputStream in) {
    this.in = in;
  }

  /**
   * The next line, or null behind the last one.
   *
   * @throws IllegalArgumentException if it is none of Bronze's
   */
  public @Nullable BronzeEnvelope next() throws IOException {
    while (true) {
      for (int i = searched; i < filled; i++) {
        if (buffer[i] == '\n') {
          BronzeEnvelope envelope = decoder.decode(buffer, lineStart, i - lineStart);
          lineStart = i + 1;
          searched = lineStart;
          lines++;
          return envelope;
        }
      }
      searched = filled;
      if (!fill()) {
        return null;
      }
    }
  }

  private boolean fill() throws IOException {
    if (lineStart > 0) {
      System.arraycopy(buffer, lineStart, buffer, 0, filled - lineStart);
      filled -= lineStart;
      searched -= lineStart;
      lineStart = 0;
    }
    if (filled == buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.multiplyExact(2, buffer.length));
    }
    int more = in.read(buffer, filled, buffer.length - filled);
    if (more < 0) {
      return false;
    }
    digest.update(buffer, filled, more);
    filled += more;
    bytes += more;
    return true;
  }

  /** Bytes behind the last end of a line: behind the last line none, unless the object is cut. */
  public int left() {
    return filled - lineStart;
  }

  /** Lines so far. */
  public long lines() {
    return lines;
  }

  /** Bytes so far. */
  public long bytes() {
    return bytes;
  }

  /** Of all that was read; asked once. */
  public String sha256() {
    return Sha256.end(digest);
  }
}
