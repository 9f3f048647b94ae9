package ai.finks.flink.stream;

import ai.finks.flink.table.StreamPartition;
import ai.finks.schemas.raw.DecodedRecord;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One message of a raw topic as it lies on the broker, or as Bronze kept it.
 *
 * <p>What Bronze kept says itself which stream it belongs to, and is decoded: its stream, its
 * broker and the registry may be gone.
 */
public final class RawMessage {
  private static final byte[] NOTHING = new byte[0];

  private final String topic;
  private final int partition;
  private final long offset;
  private final long timestampMillis;
  private final byte @Nullable [] key;
  private final byte @Nullable [] value;
  private final @Nullable String streamId;
  private final @Nullable DecodedRecord decoded;
  private @Nullable RawMessage next;

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
    this.streamId = null;
    this.decoded = null;
  }

  private RawMessage(
      StreamPartition at, long offset, DecodedRecord decoded, byte @Nullable [] value) {
    this.topic = at.topic();
    this.partition = at.partition();
    this.offset = offset;
    this.timestampMillis = -1;
    this.key = null;
    this.value = value;
    this.streamId = at.streamId();
    this.decoded = decoded;
  }

  /**
   * A message that was kept: its coordinates and what it was decoded to.
   *
   * @param value the bytes of a message that is no record; null for all others
   */
  public static RawMessage kept(
      StreamPartition at, long offset, DecodedRecord decoded, byte @Nullable [] value) {
    return new RawMessage(at, offset, decoded, value);
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

  /** The stream's id where the message tells it; null for one that comes from the broker. */
  public @Nullable String streamId() {
    return streamId;
  }

  /** What the message was decoded to before it was kept; null for one from the broker. */
  public @Nullable DecodedRecord decoded() {
    return decoded;
  }

  /** The message behind this one that was handed over together with it; null at the last one. */
  public @Nullable RawMessage next() {
    return next;
  }

  /** Hands over a message of the same partition together with this one. */
  public void setNext(RawMessage behind) {
    next = behind;
  }

  boolean isSamePartition(RawMessage other) {
    return partition == other.partition
        && topic.equals(other.topic)
        && Objects.equals(streamId, other.streamId);
  }

  /** Whether the message has a value, be it an empty one. */
  public boolean hasValue() {
    return value != null;
  }
}
