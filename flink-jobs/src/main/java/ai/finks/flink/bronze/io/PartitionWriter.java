package ai.finks.flink.bronze.io;

import ai.finks.flink.bronze.core.ObjectBuffer;
import ai.finks.flink.bronze.core.PartitionBuffers;
import ai.finks.flink.stream.RawMessage;
import ai.finks.flink.table.Counts;
import ai.finks.flink.table.OffsetRange;
import ai.finks.flink.table.StreamPartition;
import ai.finks.schemas.raw.DecodedRecord;
import ai.finks.schemas.raw.RawRecord;
import ai.finks.schemas.raw.RawRecordDecoder;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The open objects of one stream partition, and what was counted since its last range. */
final class PartitionWriter {
  private final StreamPartition partition;
  private final PartitionBuffers buffers;
  private long read;
  private long undecodable;

  PartitionWriter(StreamPartition partition) {
    this.partition = partition;
    this.buffers =
        new PartitionBuffers(partition.topic(), partition.streamId(), partition.partition());
  }

  StreamPartition partition() {
    return partition;
  }

  /** Adds a message and returns the object that has it now. */
  ObjectBuffer add(RawMessage message, RawRecordDecoder decoder) {
    read++;
    DecodedRecord decoded = decoder.decode(message.value());
    RawRecord record = decoded.record();
    if (record != null) {
      return buffers.add(
          message.offset(),
          message.timestampMillis(),
          schemaId(message.value()),
          message.key(),
          record);
    }
    undecodable++;
    return buffers.addUndecodable(
        message.offset(),
        message.timestampMillis(),
        message.key(),
        message.hasValue() ? message.value() : null,
        Objects.requireNonNull(decoded.problem(), "problem").name());
  }

  /** Ends a range: what was counted since the last one is its. */
  OffsetRange endRange(OffsetRange range) {
    Counts counts =
        Counts.of(Map.of("read", read, "undecodable", undecodable)).plus(range.counts());
    read = 0;
    undecodable = 0;
    return OffsetRange.of(range.start(), range.end(), counts);
  }

  List<ObjectBuffer> open() {
    return buffers.open();
  }

  void close(ObjectBuffer object) {
    buffers.close(object);
  }

  private static int schemaId(byte[] wire) {
    return (wire[1] & 0xff) << 24
        | (wire[2] & 0xff) << 16
        | (wire[3] & 0xff) << 8
        | (wire[4] & 0xff);
  }
}
