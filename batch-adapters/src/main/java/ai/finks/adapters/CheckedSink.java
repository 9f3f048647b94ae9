package ai.finks.adapters;

import ai.finks.client.RawSink;
import ai.finks.client.SendCallback;
import ai.finks.schemas.Topics;
import ai.finks.schemas.raw.RawRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Hands records on and sums them up: how many, how many bytes, and a checksum that depends on their
 * payloads but not on their order. Whoever has the records, in Bronze say, can compute the same:
 * the sum of the CRC-32C of each payload, modulo 2^64.
 */
final class CheckedSink implements RawSink {
  private final RawSink sink;
  private final LongAdder records = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder checksum = new LongAdder();
  private final Set<String> topics = ConcurrentHashMap.newKeySet();
  private volatile @Nullable RawRecord last;

  CheckedSink(RawSink sink) {
    this.sink = sink;
  }

  @Override
  public void send(RawRecord record, SendCallback callback) {
    sink.send(record, callback);
    byte[] payload = record.payload();
    CRC32C crc = new CRC32C();
    crc.update(payload);
    records.increment();
    bytes.add(payload.length);
    checksum.add(crc.getValue());
    RawRecord before = last;
    if (before == null
        || !before.source().equals(record.source())
        || !before.entity().equals(record.entity())) {
      topics.add(Topics.raw(record.source(), record.entity()));
      last = record;
    }
  }

  @Override
  public void flush() {
    sink.flush();
  }

  @Override
  public void close() {
    sink.close();
  }

  long records() {
    return records.sum();
  }

  long bytes() {
    return bytes.sum();
  }

  /** 16 hexadecimal digits. */
  String checksum() {
    return String.format("%016x", checksum.sum());
  }

  List<String> topics() {
    return new ArrayList<>(topics);
  }
}
