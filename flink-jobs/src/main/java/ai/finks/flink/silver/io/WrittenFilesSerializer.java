package ai.finks.flink.silver.io;

import ai.finks.flink.stream.RangeMarker;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.iceberg.DataFile;

/** Version 2: ranges with their drift, then files by table. Version 1 has no drift. */
final class WrittenFilesSerializer implements SimpleVersionedSerializer<WrittenFiles> {
  private static final int VERSION = 2;

  private final CommitCodec codec;

  WrittenFilesSerializer(Pipeline pipeline) {
    this.codec = new CommitCodec(pipeline);
  }

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(WrittenFiles written) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(written.ranges().size());
    for (RangeMarker marker : written.ranges()) {
      codec.writeRange(out, marker.partition(), marker.range());
      CommitCodec.writeDrift(out, marker.drift());
    }
    out.writeInt(written.files().size());
    for (Map.Entry<PipelineTable, List<DataFile>> entry : written.files().entrySet()) {
      out.writeUTF(entry.getKey().name());
      codec.writeFiles(out, entry.getKey(), entry.getValue());
    }
    return bytes.toByteArray();
  }

  @Override
  public WrittenFiles deserialize(int version, byte[] serialized) throws IOException {
    if (version != 1) {
      requireVersion(version, VERSION);
    }
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(serialized));
    List<RangeMarker> ranges = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      RangeMarker marker = codec.readRange(in);
      ranges.add(version == 1 ? marker : marker.with(CommitCodec.readDrift(in)));
    }
    EnumMap<PipelineTable, List<DataFile>> files = new EnumMap<>(PipelineTable.class);
    for (int left = in.readInt(); left > 0; left--) {
      PipelineTable table = PipelineTable.valueOf(in.readUTF());
      files.put(table, codec.readFiles(in, table));
    }
    return new WrittenFiles(ranges, files);
  }

  static void requireVersion(int version, int expected) throws IOException {
    if (version != expected) {
      throw new IOException("State of version " + version + " cannot be read, only " + expected);
    }
  }
}
