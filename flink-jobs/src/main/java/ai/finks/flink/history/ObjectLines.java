package ai.finks.flink.history;

import ai.finks.flink.bronze.core.BronzeEnvelope;
import ai.finks.flink.bronze.core.ObjectLineReader;
import ai.finks.flink.table.StreamPartition;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.flink.core.fs.Path;
import org.apache.flink.util.IOUtils;
import org.jspecify.annotations.Nullable;

/**
 * The lines of one object, one at a time, and held against what the ledger says of it: count, size
 * and checksum are known when the last line was read. Memory: the longest line, 64 KiB at least.
 */
final class ObjectLines implements Closeable {
  private final StreamPartition partition;
  private final LedgerObject object;
  private final InputStream in;
  private final ObjectLineReader reader;
  private @Nullable BronzeEnvelope head;

  private ObjectLines(StreamPartition partition, LedgerObject object, InputStream in) {
    this.partition = partition;
    this.object = object;
    this.in = in;
    this.reader = new ObjectLineReader(in);
  }

  /**
   * Opens an object and reads its first line.
   *
   * @throws HistoryGapException if it is not there, or not what the ledger says
   */
  static ObjectLines open(String lakeRoot, StreamPartition partition, LedgerObject object)
      throws IOException {
    Path path = new Path(lakeRoot, object.path());
    // Some stores say only where it is read that an object is not there.
    try {
      return begun(new ObjectLines(partition, object, path.getFileSystem().open(path)));
    } catch (FileNotFoundException e) {
      throw HistoryGapException.damaged(partition, object, "is not there");
    }
  }

  private static ObjectLines begun(ObjectLines lines) throws IOException {
    try {
      lines.advance();
      return lines;
    } catch (IOException | RuntimeException e) {
      IOUtils.closeQuietly(lines);
      throw e;
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
    try {
      head = reader.next();
    } catch (IllegalArgumentException e) {
      throw damaged("has a line that is none of Bronze's (" + e.getMessage() + ")");
    }
    if (head == null) {
      requireWhole();
    } else {
      requireOwn(head);
    }
  }

  private void requireOwn(BronzeEnvelope envelope) {
    if (!envelope.topic().equals(partition.topic())
        || !envelope.streamId().equals(partition.streamId())
        || envelope.partition() != partition.partition()
        || envelope.offset() < object.first()
        || envelope.offset() > object.last()) {
      throw damaged("holds offset " + envelope.offset() + ", which the ledger does not say of it");
    }
  }

  private void requireWhole() {
    if (reader.left() > 0) {
      throw damaged("ends in the middle of a line");
    }
    if (reader.lines() != object.records() || reader.bytes() != object.bytes()) {
      throw damaged(
          String.format(
              "has %d lines in %d bytes, the ledger says %d in %d",
              reader.lines(), reader.bytes(), object.records(), object.bytes()));
    }
    String found = reader.sha256();
    if (!found.equals(object.sha256())) {
      throw damaged("has the checksum " + found + ", the ledger says " + object.sha256());
    }
  }

  private HistoryGapException damaged(String how) {
    return HistoryGapException.damaged(partition, object, how);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
