package ai.finks.flink.replay.core;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The coordinate of a stored row: stream id, partition, offset, element. */
public final class RowPlace {
  private final String streamId;
  private final int partition;
  private final long offset;
  private final int element;

  public RowPlace(String streamId, int partition, long offset, int element) {
    this.streamId = Objects.requireNonNull(streamId);
    this.partition = partition;
    this.offset = offset;
    this.element = element;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof RowPlace)) {
      return false;
    }
    RowPlace that = (RowPlace) other;
    return offset == that.offset
        && partition == that.partition
        && element == that.element
        && streamId.equals(that.streamId);
  }

  @Override
  public int hashCode() {
    return Objects.hash(streamId, partition, offset, element);
  }

  @Override
  public String toString() {
    return streamId + '/' + partition + '/' + offset + '/' + element;
  }
}
