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

/**
 * Version 3: ranges with their drift and runs, then files by table. Version 2 has no runs, version
 * 1 no drift either.
 */
final class WrittenFilesSerializer implements SimpleVersionedSerializer<WrittenFiles> {
  private static final int VERSION = 3;

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
      CommitCodec.writeRuns(out, marker.runs());
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
    if (version != 1 && version != 2) {
      requireVersion(version, VERSION);
    }
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(serialized));
    List<RangeMarker> ranges = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      RangeMarker marker = codec.readRange(in);
      RangeMarker drifted = version == 1 ? marker : marker.with(CommitCodec.readDrift(in));
      ranges.add(version < VERSION ? drifted : drifted.with(CommitCodec.readRuns(in)));
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
