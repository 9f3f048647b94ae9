package ai.finks.adapters;

import ai.finks.client.RawSink;
import ai.finks.client.RawSinkException;
import ai.finks.client.RecordTooLargeException;
import ai.finks.client.SendCallback;
import ai.finks.schemas.raw.RawRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * A stream in memory. Acknowledges a little behind, as a broker does, and can break down: what it
 * took by then stays, what it had not acknowledged is never acknowledged.
 */
public final class RecordingSink implements RawSink {
  private static final int BEHIND = 20;

  private final List<RawRecord> records;
  private final ArrayDeque<SendCallback> unacknowledged = new ArrayDeque<>();
  private long untilBreakdown = Long.MAX_VALUE;
  private int maxPayloadBytes = Integer.MAX_VALUE;

  public RecordingSink() {
    this(new ArrayList<>());
  }

  /** A sink that adds to a stream which outlives it. */
  public RecordingSink(List<RawRecord> records) {
    this.records = records;
  }

  public RecordingSink breakingAfter(long count) {
    untilBreakdown = count;
    return this;
  }

  public RecordingSink refusingOver(int bytes) {
    maxPayloadBytes = bytes;
    return this;
  }

  @Override
  public synchronized void send(RawRecord record, SendCallback callback) {
    if (record.payload().length > maxPayloadBytes) {
      throw new RecordTooLargeException("topic", record.payload().length, maxPayloadBytes);
    }
    if (untilBreakdown-- <= 0) {
      untilBreakdown = 0;
      throw new RawSinkException("the broker is gone", null);
    }
    records.add(record);
    unacknowledged.add(callback);
    if (unacknowledged.size() > BEHIND) {
      unacknowledged.remove().completed(null);
    }
  }

  @Override
  public synchronized void flush() {
    if (untilBreakdown <= 0) {
      throw new RawSinkException("the broker is gone", null);
    }
    while (!unacknowledged.isEmpty()) {
      unacknowledged.remove().completed(null);
    }
  }

  @Override
  public void close() {}

  public synchronized List<RawRecord> records() {
    return List.copyOf(records);
  }
}
