package ai.finks.flink.silver.io;

import ai.finks.flink.silver.io.PipelineCommit.TableCommit;
import ai.finks.flink.stream.RangeMarker;
import ai.finks.flink.table.OffsetRange;
import ai.finks.flink.table.StreamPartition;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** Version 1: checkpoint id, then ranges and files by table. */
final class PipelineCommitSerializer implements SimpleVersionedSerializer<PipelineCommit> {
  private static final int VERSION = 1;

  private final CommitCodec codec;

  PipelineCommitSerializer(Pipeline pipeline) {
    this.codec = new CommitCodec(pipeline);
  }

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(PipelineCommit commit) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeLong(commit.checkpointId());
    out.writeInt(commit.tables().size());
    for (Map.Entry<PipelineTable, TableCommit> entry : commit.tables().entrySet()) {
      out.writeUTF(entry.getKey().name());
      SortedMap<StreamPartition, OffsetRange> ranges = entry.getValue().ranges();
      out.writeInt(ranges.size());
      for (Map.Entry<StreamPartition, OffsetRange> range : ranges.entrySet()) {
        codec.writeRange(out, range.getKey(), range.getValue());
      }
      codec.writeFiles(out, entry.getKey(), entry.getValue().files());
    }
    return bytes.toByteArray();
  }

  @Override
  public PipelineCommit deserialize(int version, byte[] serialized) throws IOException {
    WrittenFilesSerializer.requireVersion(version, VERSION);
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(serialized));
    long checkpointId = in.readLong();
    EnumMap<PipelineTable, TableCommit> tables = new EnumMap<>(PipelineTable.class);
    for (int left = in.readInt(); left > 0; left--) {
      PipelineTable table = PipelineTable.valueOf(in.readUTF());
      SortedMap<StreamPartition, OffsetRange> ranges = new TreeMap<>();
      for (int leftRanges = in.readInt(); leftRanges > 0; leftRanges--) {
        RangeMarker marker = codec.readRange(in);
        ranges.put(marker.partition(), marker.range());
      }
      tables.put(table, new TableCommit(ranges, codec.readFiles(in, table)));
    }
    return new PipelineCommit(checkpointId, tables);
  }
}
