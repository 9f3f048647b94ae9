package ai.finks.flink.bronze.io;

import ai.finks.flink.table.Counts;
import ai.finks.flink.table.OffsetRange;
import ai.finks.flink.table.StreamPartition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * Keeps committables in checkpoints, in a form of its own that does not depend on class layouts.
 */
final class BronzeCommittableSerializer implements SimpleVersionedSerializer<BronzeCommittable> {
  private static final int VERSION = 1;

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(BronzeCommittable committable) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(512);
    out.writeLong(committable.checkpointId());
    out.writeInt(committable.ranges().size());
    for (Map.Entry<StreamPartition, OffsetRange> entry : committable.ranges().entrySet()) {
      write(entry.getKey(), out);
      write(entry.getValue(), out);
    }
    out.writeInt(committable.objects().size());
    for (PendingObject object : committable.objects()) {
      write(object, out);
    }
    return out.getCopyOfBuffer();
  }

  @Override
  public BronzeCommittable deserialize(int version, byte[] serialized) throws IOException {
    if (version != VERSION) {
      throw new IOException("Unknown version " + version + " of a Bronze committable");
    }
    DataInputDeserializer in = new DataInputDeserializer(serialized);
    long checkpointId = in.readLong();
    SortedMap<StreamPartition, OffsetRange> ranges = new TreeMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      ranges.put(readPartition(in), readRange(in));
    }
    List<PendingObject> objects = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      objects.add(readObject(in));
    }
    return new BronzeCommittable(checkpointId, objects, ranges);
  }

  private static void write(PendingObject object, DataOutputSerializer out) throws IOException {
    out.writeUTF(object.path());
    writeText(object.source(), out);
    writeText(object.runId(), out);
    write(object.partition(), out);
    ObjectContent content = object.content();
    out.writeLong(content.first());
    out.writeLong(content.last());
    out.writeLong(content.records());
    out.writeLong(content.bytes());
    out.writeUTF(content.sha256());
    out.writeInt(object.recoverable().length);
    out.write(object.recoverable());
  }

  private static PendingObject readObject(DataInputDeserializer in) throws IOException {
    String path = in.readUTF();
    String source = readText(in);
    String runId = readText(in);
    StreamPartition partition = readPartition(in);
    ObjectContent content =
        new ObjectContent(in.readLong(), in.readLong(), in.readLong(), in.readLong(), in.readUTF());
    byte[] recoverable = new byte[in.readInt()];
    in.readFully(recoverable);
    return new PendingObject(path, source, runId, partition, content, recoverable);
  }

  /** Unlike {@code writeUTF} without a bound: records decide what a source or run is called. */
  private static void writeText(String text, DataOutputSerializer out) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(utf8.length);
    out.write(utf8);
  }

  private static String readText(DataInputDeserializer in) throws IOException {
    byte[] utf8 = new byte[in.readInt()];
    in.readFully(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private static void write(StreamPartition partition, DataOutputSerializer out)
      throws IOException {
    out.writeUTF(partition.topic());
    out.writeUTF(partition.streamId());
    out.writeInt(partition.partition());
  }

  private static StreamPartition readPartition(DataInputDeserializer in) throws IOException {
    return StreamPartition.of(in.readUTF(), in.readUTF(), in.readInt());
  }

  private static void write(OffsetRange range, DataOutputSerializer out) throws IOException {
    out.writeLong(range.start());
    out.writeLong(range.end());
    Map<String, Long> counts = range.counts().asMap();
    out.writeInt(counts.size());
    for (Map.Entry<String, Long> count : counts.entrySet()) {
      out.writeUTF(count.getKey());
      out.writeLong(count.getValue());
    }
  }

  private static OffsetRange readRange(DataInputDeserializer in) throws IOException {
    long start = in.readLong();
    long end = in.readLong();
    Map<String, Long> counts = new HashMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      counts.put(in.readUTF(), in.readLong());
    }
    return OffsetRange.of(start, end, Counts.of(counts));
  }
}
