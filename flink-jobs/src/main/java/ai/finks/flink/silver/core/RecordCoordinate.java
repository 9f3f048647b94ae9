package ai.finks.flink.silver.core;

import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a raw record lies in its stream. As text {@code topic@streamId:partition:offset}, which is
 * what a record that is sent again from quarantine carries in its attribute {@link #ATTRIBUTE}.
 */
public final class RecordCoordinate implements Comparable<RecordCoordinate> {

  /** The attribute of a raw record that was sent again: the coordinate that it was refused at. */
  public static final String ATTRIBUTE = "redrive_of";

  private static final Pattern TEXT = Pattern.compile("([^@:]+)@([^@:]+):(\\d{1,9}):(\\d{1,18})");

  private final String topic;
  private final String streamId;
  private final int partition;
  private final long offset;

  public RecordCoordinate(String topic, String streamId, int partition, long offset) {
    this.topic = Objects.requireNonNull(topic);
    this.streamId = Objects.requireNonNull(streamId);
    this.partition = partition;
    this.offset = offset;
  }

  /** Reads the text of {@link #toString}; null for anything else. */
  public static @Nullable RecordCoordinate parse(@Nullable String text) {
    Matcher matcher = text == null ? null : TEXT.matcher(text);
    if (matcher == null || !matcher.matches()) {
      return null;
    }
    return new RecordCoordinate(
        matcher.group(1),
        matcher.group(2),
        Integer.parseInt(matcher.group(3)),
        Long.parseLong(matcher.group(4)));
  }

  public String topic() {
    return topic;
  }

  /** The broker's identity of the topic. */
  public String streamId() {
    return streamId;
  }

  public int partition() {
    return partition;
  }

  public long offset() {
    return offset;
  }

  @Override
  public int compareTo(RecordCoordinate other) {
    int order = topic.compareTo(other.topic);
    order = order != 0 ? order : streamId.compareTo(other.streamId);
    order = order != 0 ? order : Integer.compare(partition, other.partition);
    return order != 0 ? order : Long.compare(offset, other.offset);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RecordCoordinate && compareTo((RecordCoordinate) other) == 0;
  }

  @Override
  public int hashCode() {
    return Objects.hash(topic, streamId, partition, offset);
  }

  @Override
  public String toString() {
    return topic + '@' + streamId + ':' + partition + ':' + offset;
  }
}
