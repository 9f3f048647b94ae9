package ai.finks.flink.stream;

import org.jspecify.annotations.Nullable;

/** One message of a raw topic as it lies on the broker. */
public final class RawMessage {
  private static final byte[] NOTHING = new byte[0];

  private final String topic;
  private final int partition;
  private final long offset;
  private final long timestampMillis;
  private final byte @Nullable [] key;
  private final byte @Nullable [] value;

  /** A message of which only the value matters: without key, at the epoch. */
  public RawMessage(String topic, int partition, long offset, byte[] value) {
    this(topic, partition, offset, 0, null, value);
  }

  public RawMessage(
      String topic,
      int partition,
      long offset,
      long timestampMillis,
      byte @Nullable [] key,
      byte @Nullable [] value) {
    this.topic = topic;
    this.partition = partition;
    this.offset = offset;
    this.timestampMillis = timestampMillis;
    this.key = key;
    this.value = value;
  }

  public String topic() {
    return topic;
  }

  public int partition() {
    return partition;
  }

  public long offset() {
    return offset;
  }

  /** The broker's timestamp: milliseconds since the epoch, −1 where it keeps none. */
  public long timestampMillis() {
    return timestampMillis;
  }

  /** The key's bytes, not copied; null for a message without a key. */
  public byte @Nullable [] key() {
    return key;
  }

  /** The bytes on the wire, not copied; empty for a message without a value. */
  public byte[] value() {
    return value == null ? NOTHING : value;
  }

  /** Whether the message has a value, be it an empty one. */
  public boolean hasValue() {
    return value != null;
  }
}
