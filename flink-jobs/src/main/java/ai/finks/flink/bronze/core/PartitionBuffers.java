package ai.finks.flink.bronze.core;

import ai.finks.schemas.raw.RawRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sorts the records of one partition of a stream into the objects that they belong to: one per
 * source, ingest hour and run.
 *
 * <p>Memory: what {@link ObjectBuffer#lines()} of the open objects hold; the caller says when one
 * is closed. Not thread-safe.
 */
public final class PartitionBuffers {
  private static final long MICROS_PER_HOUR = 3_600_000_000L;
  private static final long MILLIS_PER_HOUR = 3_600_000L;

  private final EnvelopeEncoder encoder;
  private final Map<List<Object>, ObjectBuffer> open = new HashMap<>();
  private @Nullable ObjectBuffer recent;

  public PartitionBuffers(String topic, String streamId, int partition) {
    this.encoder = new EnvelopeEncoder(topic, streamId, partition);
  }

  /** Adds a record and returns the object that has it now. */
  public ObjectBuffer add(
      long offset,
      long timestampMillis,
      int schemaId,
      byte @Nullable [] kafkaKey,
      RawRecord record) {
    ObjectBuffer object = objectFor(record);
    encoder.record(offset, timestampMillis, schemaId, kafkaKey, record, object.lines());
    object.added(offset);
    return object;
  }

  /** Adds a value that is no raw record and returns the object that has it now. */
  public ObjectBuffer addUndecodable(
      long offset,
      long timestampMillis,
      byte @Nullable [] kafkaKey,
      byte @Nullable [] value,
      String reason) {
    long hour = Math.floorDiv(timestampMillis, MILLIS_PER_HOUR);
    ObjectBuffer object =
        open.computeIfAbsent(List.of(hour), key -> ObjectBuffer.ofUndecodable(hour));
    encoder.undecodable(offset, timestampMillis, kafkaKey, value, reason, object.lines());
    object.added(offset);
    return object;
  }

  /** The objects that have records and are not closed. */
  public List<ObjectBuffer> open() {
    return new ArrayList<>(open.values());
  }

  /** Forgets an object; later records of its folder begin another one. */
  public void close(ObjectBuffer object) {
    open.values().remove(object);
    if (object.equals(recent)) {
      recent = null;
    }
  }

  /** Forgets all objects. */
  public void closeAll() {
    open.clear();
    recent = null;
  }

  private ObjectBuffer objectFor(RawRecord record) {
    long hour = Math.floorDiv(record.ingestTimeMicros(), MICROS_PER_HOUR);
    if (recent != null && recent.takes(record.source(), hour, record.runId())) {
      return recent;
    }
    recent =
        open.computeIfAbsent(
            List.of(record.source(), hour, record.runId()),
            key -> ObjectBuffer.ofRecords(record.source(), hour, record.runId()));
    return recent;
  }
}
