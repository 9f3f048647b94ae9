package ai.finks.flink.history;

import ai.finks.flink.bronze.core.BronzeEnvelope;
import ai.finks.flink.bronze.core.EnvelopeDecoder;
import ai.finks.flink.table.StreamPartition;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * The lines of one object, one at a time, and held against what the ledger says of it: count, size
 * and checksum are known when the last line was read. Memory: the longest line, 64 KiB at least.
 */
final class ObjectLines implements Closeable {
  private static final int INITIAL_BYTES = 1 << 16;
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private final StreamPartition partition;
  private final LedgerObject object;
  private final InputStream in;
  private final MessageDigest digest = sha256();
  private final EnvelopeDecoder decoder = new EnvelopeDecoder();
  private byte[] buffer = new byte[INITIAL_BYTES];
  private int lineStart;
  private int searched;
  private int filled;
  private long bytes;
  private long lines;
  private @Nullable BronzeEnvelope head;

  private ObjectLines(StreamPartition partition, LedgerObject object, InputStream in) {
    this.partition = partition;
    this.object = object;
    this.in = in;
  }

  /**
   * Opens an object and reads its first line.
   *
   * @throws HistoryGapException if it is not there, or not what the ledger says
   */
  static ObjectLines open(String lakeRoot, StreamPartition partition, LedgerObject object)
      throws IOException {
    Path path = new Path(lakeRoot, object.path());
    try {
      ObjectLines lines = new ObjectLines(partition, object, path.getFileSystem().open(path));
      lines.advance();
      return lines;
    } catch (FileNotFoundException e) {
      throw HistoryGapException.damaged(partition, object, "is not there");
    }
  }

  /** The present line; null behind the last. */
  @Nullable BronzeEnvelope head() {
    return head;
  }

  /** Offset of the present line. */
  long offset() {
    if (head == null) {
      throw new IllegalStateException("Behind the last line of " + object);
    }
    return head.offset();
  }

  /** Goes to the next line; behind the last one the object has been held against the ledger. */
  void advance() throws IOException {
    while (true) {
      for (int i = searched; i < filled; i++) {
        if (buffer[i] == '\n') {
          head = decode(lineStart, i - lineStart);
          lineStart = i + 1;
          searched = lineStart;
          lines++;
          return;
        }
      }
      searched = filled;
      if (!fill()) {
        head = null;
        requireWhole();
        return;
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

  private BronzeEnvelope decode(int at, int length) {
    BronzeEnvelope envelope;
    try {
      envelope = decoder.decode(buffer, at, length);
    } catch (IllegalArgumentException e) {
      throw damaged("has a line that is none of Bronze's (" + e.getMessage() + ")");
    }
    if (!envelope.topic().equals(partition.topic())
        || !envelope.streamId().equals(partition.streamId())
        || envelope.partition() != partition.partition()
        || envelope.offset() < object.first()
        || envelope.offset() > object.last()) {
      throw damaged("holds offset " + envelope.offset() + ", which the ledger does not say of it");
    }
    return envelope;
  }

  private void requireWhole() {
    if (filled > lineStart) {
      throw damaged("ends in the middle of a line");
    }
    if (lines != object.records() || bytes != object.bytes()) {
      throw damaged(
          String.format(
              "has %d lines in %d bytes, the ledger says %d in %d",
              lines, bytes, object.records(), object.bytes()));
    }
    String found = hex(digest.digest());
    if (!found.equals(object.sha256())) {
      throw damaged("has the checksum " + found + ", the ledger says " + object.sha256());
    }
  }

  private HistoryGapException damaged(String how) {
    return HistoryGapException.damaged(partition, object, how);
  }

  private static String hex(byte[] octets) {
    StringBuilder hex = new StringBuilder(2 * octets.length);
    for (byte octet : octets) {
      hex.append(HEX[(octet >> 4) & 0xf]).append(HEX[octet & 0xf]);
    }
    return hex.toString();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
