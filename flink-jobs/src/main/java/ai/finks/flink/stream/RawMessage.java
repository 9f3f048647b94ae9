package ai.finks.flink.stream;

/** One message of a raw topic as it lies on the broker. */
public final class RawMessage {
  private final String topic;
  private final int partition;
  private final long offset;
  private final byte[] value;

  public RawMessage(String topic, int partition, long offset, byte[] value) {
    this.topic = topic;
    this.partition = partition;
    this.offset = offset;
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

  /** The bytes on the wire, not copied; empty for a message without a value. */
  public byte[] value() {
    return value;
  }
}
