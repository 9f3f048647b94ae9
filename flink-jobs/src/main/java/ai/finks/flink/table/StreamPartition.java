package ai.finks.flink.table;

import java.io.Serializable;
import java.util.Comparator;
import java.util.Objects;

/**
 * One partition of one stream.
 *
 * <p>The stream id is the identity the broker gave the topic when it was created (Kafka: the
 * topic's UUID). Offsets mean something only within one stream id: a recreated topic of the same
 * name is another stream, and its offsets start again at zero.
 */
public final class StreamPartition implements Comparable<StreamPartition>, Serializable {
  private static final long serialVersionUID = 1;
  private static final Comparator<StreamPartition> ORDER =
      Comparator.comparing(StreamPartition::topic)
          .thenComparing(StreamPartition::streamId)
          .thenComparingInt(StreamPartition::partition);

  private final String topic;
  private final String streamId;
  private final int partition;

  private StreamPartition(String topic, String streamId, int partition) {
    this.topic = Objects.requireNonNull(topic, "topic");
    this.streamId = Objects.requireNonNull(streamId, "streamId");
    this.partition = partition;
  }

  public static StreamPartition of(String topic, String streamId, int partition) {
    if (topic.isEmpty() || streamId.isEmpty() || topic.indexOf('@') >= 0 || partition < 0) {
      throw new IllegalArgumentException(
          "Not a stream partition: topic '"
              + topic
              + "', stream id '"
              + streamId
              + "', partition "
              + partition);
    }
    return new StreamPartition(topic, streamId, partition);
  }

  public String topic() {
    return topic;
  }

  public String streamId() {
    return streamId;
  }

  public int partition() {
    return partition;
  }

  /** Topic and stream id as one word, {@code topic@streamId}. */
  public String stream() {
    return topic + '@' + streamId;
  }

  @Override
  public int compareTo(StreamPartition other) {
    return ORDER.compare(this, other);
  }

  @Override
  public boolean equals(Object other) {
    if (this == other) {
      return true;
    }
    if (!(other instanceof StreamPartition)) {
      return false;
    }
    StreamPartition that = (StreamPartition) other;
    return partition == that.partition
        && topic.equals(that.topic)
        && streamId.equals(that.streamId);
  }

  @Override
  public int hashCode() {
    return Objects.hash(topic, streamId, partition);
  }

  /** {@code topic@streamId/partition}. */
  @Override
  public String toString() {
    return stream() + '/' + partition;
  }
}
