package ai.finks.flink.silver.io;

import ai.finks.flink.silver.io.PipelineCommit.TableCommit;
import ai.finks.flink.stream.RangeMarker;
import ai.finks.flink.table.OffsetRange;
import ai.finks.flink.table.RunCounts;
import ai.finks.flink.table.StreamPartition;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.iceberg.DataFile;

/** Version 2: checkpoint id, then ranges, files and runs by table. Version 1 has no runs. */
final class PipelineCommitSerializer implements SimpleVersionedSerializer<PipelineCommit> {
  private static final int VERSION = 2;

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
      CommitCodec.writeRuns(out, entry.getValue().runs());
    }
    return bytes.toByteArray();
  }

  @Override
  public PipelineCommit deserialize(int version, byte[] serialized) throws IOException {
    if (version != 1) {
      WrittenFilesSerializer.requireVersion(version, VERSION);
    }
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
      List<DataFile> files = codec.readFiles(in, table);
      RunCounts runs = version == 1 ? RunCounts.none() : CommitCodec.readRuns(in);
      tables.put(table, new TableCommit(ranges, files, runs));
    }
    return new PipelineCommit(checkpointId, tables);
  }
}
