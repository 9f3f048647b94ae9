package ai.finks.flink.history;

import ai.finks.flink.bronze.core.BronzeEnvelope;
import ai.finks.flink.stream.RawMessage;
import ai.finks.flink.table.StreamPartition;
import ai.finks.schemas.raw.DecodedRecord;
import ai.finks.schemas.raw.RawRecord;
import ai.finks.schemas.raw.Undecodable;
import java.io.Closeable;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.IOUtils;
import org.jspecify.annotations.Nullable;

/**
 * Reads a range of one stream partition back from Bronze, in the order of its offsets.
 *
 * <p>One commit spreads its records over objects by source, hour and run, so several objects may
 * hold offsets of the same stretch: these are open at a time and merged, all others are not. An
 * object that was begun is read to its end, since only then its checksum is known.
 */
final class PartitionCursor implements Closeable {
  private final String lakeRoot;
  private final StreamPartition partition;
  private final long from;
  private final long to;
  private final List<LedgerObject> objects;
  private final PriorityQueue<ObjectLines> open =
      new PriorityQueue<>(Comparator.comparingLong(ObjectLines::offset));
  private int upcoming;
  private long last = -1;

  /**
   * @param objects those that hold some of the offsets, in the order of their first ones
   */
  PartitionCursor(
      String lakeRoot, StreamPartition partition, long from, long to, List<LedgerObject> objects) {
    this.lakeRoot = lakeRoot;
    this.partition = partition;
    this.from = from;
    this.to = to;
    this.objects = objects;
  }

  /**
   * The next message, or null behind the last one.
   *
   * @throws HistoryGapException if an object is missing or damaged
   */
  @Nullable RawMessage next() throws IOException {
    while (true) {
      openNext();
      ObjectLines lines = open.poll();
      BronzeEnvelope envelope = lines == null ? null : lines.head();
      if (lines == null || envelope == null) {
        return null;
      }
      advance(lines);
      requireNew(envelope.offset());
      if (envelope.offset() >= from && envelope.offset() < to) {
        return message(envelope);
      }
    }
  }

  private void advance(ObjectLines lines) throws IOException {
    try {
      lines.advance();
    } catch (IOException | RuntimeException e) {
      IOUtils.closeQuietly(lines);
      throw e;
    }
    keep(lines);
  }

  private void keep(ObjectLines lines) throws IOException {
    if (lines.head() == null) {
      lines.close();
    } else {
      open.add(lines);
    }
  }

  /** Opens every object that may hold the next offset. */
  private void openNext() throws IOException {
    while (upcoming < objects.size()
        && (open.isEmpty() || objects.get(upcoming).first() <= open.peek().offset())) {
      ObjectLines lines = ObjectLines.open(lakeRoot, partition, objects.get(upcoming));
      upcoming++;
      keep(lines);
    }
  }

  private void requireNew(long offset) {
    if (offset <= last) {
      throw HistoryGapException.damaged(
          partition,
          objects.get(upcoming - 1),
          "or one beside it holds offset " + offset + ", which came before");
    }
    last = offset;
  }

  private RawMessage message(BronzeEnvelope envelope) {
    RawRecord record = envelope.record();
    DecodedRecord decoded =
        record == null
            ? DecodedRecord.undecodable(Undecodable.valueOf(String.valueOf(envelope.undecodable())))
            : DecodedRecord.of(record);
    return RawMessage.kept(partition, envelope.offset(), decoded, envelope.value());
  }

  @Override
  public void close() throws IOException {
    try {
      IOUtils.closeAll(open);
    } catch (Exception e) {
      ExceptionUtils.rethrowIOException(e);
    }
  }
}
