package ai.finks.flink.bronze.core;

import ai.finks.schemas.raw.RawRecord;
import org.jspecify.annotations.Nullable;

/**
 * One line of Bronze, read back: where it lay in the stream, and the raw record, or the bytes that
 * were none. Exactly one of {@link #record()} and {@link #undecodable()} is there.
 */
public final class BronzeEnvelope {
  private final String topic;
  private final String streamId;
  private final int partition;
  private final long offset;
  private final long timestampMillis;
  private final int schemaId;
  private final byte @Nullable [] kafkaKey;
  private final @Nullable RawRecord record;
  private final @Nullable String undecodable;
  private final byte @Nullable [] value;

  BronzeEnvelope(EnvelopeFields fields) {
    this.topic = EnvelopeFields.required(fields.topic, "topic");
    this.streamId = EnvelopeFields.required(fields.streamId, "stream_id");
    this.partition = fields.partition;
    this.offset = fields.offset;
    this.timestampMillis = fields.timestampMillis;
    this.schemaId = fields.schemaId;
    this.kafkaKey = fields.kafkaKey;
    this.undecodable = fields.undecodable;
    this.value = fields.value;
    this.record = undecodable == null ? fields.record.build() : null;
  }

  public String topic() {
    return topic;
  }

  /** UUID of the topic's generation. */
  public String streamId() {
    return streamId;
  }

  public int partition() {
    return partition;
  }

  public long offset() {
    return offset;
  }

  /** The stream's timestamp, milliseconds since the epoch. */
  public long timestampMillis() {
    return timestampMillis;
  }

  /** Registry id of the writer's schema; 0 for an undecodable value. */
  public int schemaId() {
    return schemaId;
  }

  /** Key of the stream's record; null where it had none. */
  public byte @Nullable [] kafkaKey() {
    return kafkaKey == null ? null : kafkaKey.clone();
  }

  /** The raw record, null for an undecodable value. */
  public @Nullable RawRecord record() {
    return record;
  }

  /** Why there is no record, null where there is one. */
  public @Nullable String undecodable() {
    return undecodable;
  }

  /** The stream's value where it was undecodable; null for a record, and for a value of null. */
  public byte @Nullable [] value() {
    return value == null ? null : value.clone();
  }
}
