package ai.finks.flink.bronze.io;

import ai.finks.flink.stream.RangeMarker;
import ai.finks.flink.stream.RawMessage;
import ai.finks.flink.table.StreamPartition;
import org.jspecify.annotations.Nullable;

/** What reaches Bronze's writer: a message and the stream partition it lay in, or a marker. */
public final class BronzeInput {
  private final StreamPartition partition;
  private final @Nullable RawMessage message;
  private final @Nullable RangeMarker marker;

  private BronzeInput(
      StreamPartition partition, @Nullable RawMessage message, @Nullable RangeMarker marker) {
    this.partition = partition;
    this.message = message;
    this.marker = marker;
  }

  static BronzeInput of(StreamPartition partition, RawMessage message) {
    return new BronzeInput(partition, message, null);
  }

  static BronzeInput of(RangeMarker marker) {
    return new BronzeInput(marker.partition(), null, marker);
  }

  StreamPartition partition() {
    return partition;
  }

  /** Null for a marker. */
  @Nullable RawMessage message() {
    return message;
  }

  /** Null for a message. */
  @Nullable RangeMarker marker() {
    return marker;
  }
}
