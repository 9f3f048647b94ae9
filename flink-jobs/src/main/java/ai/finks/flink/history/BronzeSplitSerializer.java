package ai.finks.flink.history;

import ai.finks.flink.table.StreamPartition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** Splits in a reader's and in the enumerator's state. */
final class BronzeSplitSerializer implements SimpleVersionedSerializer<BronzeSplit> {
  private static final int VERSION = 1;

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(BronzeSplit split) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(128);
    out.writeInt(split.number());
    out.writeUTF(split.partition().topic());
    out.writeUTF(split.partition().streamId());
    out.writeInt(split.partition().partition());
    out.writeLong(split.next());
    out.writeLong(split.end());
    return out.getCopyOfBuffer();
  }

  @Override
  public BronzeSplit deserialize(int version, byte[] serialized) throws IOException {
    if (version != VERSION) {
      throw new IOException("Unknown version of a split: " + version);
    }
    DataInputDeserializer in = new DataInputDeserializer(serialized);
    int number = in.readInt();
    StreamPartition partition = StreamPartition.of(in.readUTF(), in.readUTF(), in.readInt());
    return new BronzeSplit(number, partition, in.readLong(), in.readLong());
  }

  /** All splits that nobody reads yet. */
  static final class OfMany implements SimpleVersionedSerializer<List<BronzeSplit>> {
    private final BronzeSplitSerializer one = new BronzeSplitSerializer();

    @Override
    public int getVersion() {
      return VERSION;
    }

    @Override
    public byte[] serialize(List<BronzeSplit> splits) throws IOException {
      DataOutputSerializer out = new DataOutputSerializer(256);
      out.writeInt(splits.size());
      for (BronzeSplit split : splits) {
        byte[] bytes = one.serialize(split);
        out.writeInt(bytes.length);
        out.write(bytes);
      }
      return out.getCopyOfBuffer();
    }

    @Override
    public List<BronzeSplit> deserialize(int version, byte[] serialized) throws IOException {
      DataInputDeserializer in = new DataInputDeserializer(serialized);
      int size = in.readInt();
      List<BronzeSplit> splits = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        splits.add(one.deserialize(version, bytes));
      }
      return splits;
    }
  }
}
