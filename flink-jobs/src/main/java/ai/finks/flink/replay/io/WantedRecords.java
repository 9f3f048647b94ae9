package ai.finks.flink.replay.io;

import ai.finks.flink.history.BoundedHistory;
import ai.finks.flink.replay.core.ReplayPlan;
import ai.finks.flink.silver.core.RecordCoordinate;
import ai.finks.flink.stream.InChainType;
import ai.finks.flink.stream.RawMessage;
import ai.finks.flink.table.StreamPartition;
import ai.finks.schemas.raw.DecodedRecord;
import ai.finks.schemas.raw.RawRecord;
import ai.finks.schemas.raw.RawRecordDecoder;
import ai.finks.schemas.raw.RawRecordEncoder;
import ai.finks.schemas.raw.RawRecords;
import ai.finks.schemas.wire.WireFormat;
import ai.finks.schemas.wire.WireFormats;
import java.io.Serializable;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Optional;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/** Finds some raw records again, wherever the past is kept, in the order of their streams. */
final class WantedRecords implements Serializable {
  private static final long serialVersionUID = 1;

  private final HashSet<String> wanted = new HashSet<>();
  private final HashMap<String, String> streamOfTopic = new HashMap<>();
  private final URI registryUrl;

  WantedRecords(ReplayPlan plan, Collection<RecordCoordinate> records, URI registryUrl) {
    records.forEach(record -> wanted.add(record.toString()));
    for (StreamPartition partition : plan.offsets().keySet()) {
      streamOfTopic.put(partition.topic(), partition.streamId());
    }
    this.registryUrl = registryUrl;
  }

  /** The records, each as {@link Found} takes it; read by one task, so that they stay in order. */
  CloseableIterator<byte[]> read(StreamExecutionEnvironment env, BoundedHistory history)
      throws Exception {
    env.getConfig().enableObjectReuse();
    return env.fromSource(
            history.source(),
            WatermarkStrategy.noWatermarks(),
            "past",
            InChainType.of(RawMessage.class))
        .uid("past")
        .setParallelism(1)
        .flatMap(new Pick())
        .returns(PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO)
        .uid("pick")
        .setParallelism(1)
        .executeAndCollect("finks-replay-fill");
  }

  /** A record and where it lies. */
  static final class Found {
    private static final byte[] HEADER = {0};

    private final RecordCoordinate coordinate;
    private final RawRecord record;

    private Found(RecordCoordinate coordinate, RawRecord record) {
      this.coordinate = coordinate;
      this.record = record;
    }

    RecordCoordinate coordinate() {
      return coordinate;
    }

    RawRecord record() {
      return record;
    }

    static byte[] bytes(String coordinate, RawRecord record) {
      byte[] at = coordinate.getBytes(StandardCharsets.UTF_8);
      byte[] wire = new RawRecordEncoder(HEADER).encode(record);
      return ByteBuffer.allocate(Integer.BYTES + at.length + wire.length)
          .putInt(at.length)
          .put(at)
          .put(wire)
          .array();
    }

    /**
     * @throws IllegalArgumentException for bytes that {@link #bytes} did not make
     */
    static Found parse(byte[] bytes) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      byte[] at = new byte[buffer.getInt()];
      buffer.get(at);
      byte[] wire = new byte[buffer.remaining()];
      buffer.get(wire);
      RecordCoordinate coordinate = RecordCoordinate.parse(new String(at, StandardCharsets.UTF_8));
      RawRecord record = new RawRecordDecoder(new OneSchema()).decode(wire).record();
      if (coordinate == null || record == null) {
        throw new IllegalArgumentException("Not a found record");
      }
      return new Found(coordinate, record);
    }
  }

  /** What tasks hand over is of the schema of this code. */
  private static final class OneSchema implements WireFormat {
    @Override
    public byte[] header(String topic, String schemaJson) {
      return Found.HEADER;
    }

    @Override
    public int headerLength(byte[] value) {
      return Found.HEADER.length;
    }

    @Override
    public Optional<String> schemaOf(byte[] header) {
      return Optional.of(RawRecords.SCHEMA_JSON);
    }
  }

  private final class Pick extends RichFlatMapFunction<RawMessage, byte[]> {
    private static final long serialVersionUID = 1;

    private transient @Nullable RawRecordDecoder decoder;

    @Override
    public void open(OpenContext context) {
      decoder = new RawRecordDecoder(WireFormats.open(registryUrl));
    }

    @Override
    public void flatMap(RawMessage message, Collector<byte[]> out) {
      String told = message.streamId();
      String streamId = told == null ? streamOfTopic.get(message.topic()) : told;
      String coordinate =
          message.topic() + '@' + streamId + ':' + message.partition() + ':' + message.offset();
      if (!wanted.contains(coordinate)) {
        return;
      }
      DecodedRecord kept = message.decoded();
      RawRecordDecoder opened = decoder;
      if (kept == null && opened != null) {
        kept = opened.decode(message.value());
      }
      RawRecord record = kept == null ? null : kept.record();
      if (record == null) {
        throw new IllegalStateException("The record at " + coordinate + " gave rows once");
      }
      out.collect(Found.bytes(coordinate, record));
    }
  }
}
