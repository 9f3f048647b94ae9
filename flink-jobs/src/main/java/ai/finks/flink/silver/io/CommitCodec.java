package ai.finks.flink.silver.io;

import ai.finks.flink.stream.RangeMarker;
import ai.finks.flink.table.Counts;
import ai.finks.flink.table.DriftCounts;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.OffsetRange;
import ai.finks.flink.table.RunCounts;
import ai.finks.flink.table.StreamPartition;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.ContentFileParser;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.JsonUtil;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of ranges and files. Files are written in Iceberg's own JSON, which outlives changes of its
 * classes; the specs that reading needs come from the tables.
 */
final class CommitCodec {
  private final Pipeline pipeline;
  private @Nullable EnumMap<PipelineTable, Map<Integer, PartitionSpec>> specs;

  CommitCodec(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  void writeRange(DataOutputStream out, StreamPartition partition, OffsetRange range)
      throws IOException {
    out.writeUTF(partition.topic());
    out.writeUTF(partition.streamId());
    out.writeInt(partition.partition());
    out.writeLong(range.start());
    out.writeLong(range.end());
    Map<String, Long> counts = range.counts().asMap();
    out.writeInt(counts.size());
    for (Map.Entry<String, Long> count : counts.entrySet()) {
      out.writeUTF(count.getKey());
      out.writeLong(count.getValue());
    }
  }

  RangeMarker readRange(DataInputStream in) throws IOException {
    StreamPartition partition = StreamPartition.of(in.readUTF(), in.readUTF(), in.readInt());
    long start = in.readLong();
    long end = in.readLong();
    Map<String, Long> counts = new TreeMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      counts.put(in.readUTF(), in.readLong());
    }
    return new RangeMarker(partition, OffsetRange.of(start, end, Counts.of(counts)));
  }

  static void writeDrift(DataOutputStream out, DriftCounts drift) throws IOException {
    out.writeLong(drift.records());
    out.writeInt(drift.fields().size());
    for (Map.Entry<DriftCounts.Key, Long> field : drift.fields().entrySet()) {
      out.writeUTF(field.getKey().kind().name());
      out.writeUTF(field.getKey().field());
      out.writeLong(field.getValue());
    }
  }

  static DriftCounts readDrift(DataInputStream in) throws IOException {
    long records = in.readLong();
    Map<DriftCounts.Key, Long> fields = new TreeMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      DriftCounts.Kind kind = DriftCounts.Kind.valueOf(in.readUTF());
      fields.put(new DriftCounts.Key(kind, in.readUTF()), in.readLong());
    }
    return DriftCounts.of(records, fields);
  }

  static void writeRuns(DataOutputStream out, RunCounts runs) throws IOException {
    out.writeInt(runs.records().size());
    for (Map.Entry<String, Long> run : runs.records().entrySet()) {
      out.writeUTF(run.getKey());
      out.writeLong(run.getValue());
    }
  }

  static RunCounts readRuns(DataInputStream in) throws IOException {
    Map<String, Long> runs = new TreeMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      runs.put(in.readUTF(), in.readLong());
    }
    return RunCounts.of(runs);
  }

  void writeFiles(DataOutputStream out, PipelineTable table, List<DataFile> files)
      throws IOException {
    out.writeInt(files.size());
    for (DataFile file : files) {
      PartitionSpec spec = spec(table, file.specId());
      byte[] json = ContentFileParser.toJson(file, spec).getBytes(StandardCharsets.UTF_8);
      out.writeInt(json.length);
      out.write(json);
    }
  }

  List<DataFile> readFiles(DataInputStream in, PipelineTable table) throws IOException {
    List<DataFile> files = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      byte[] json = in.readNBytes(in.readInt());
      files.add(
          JsonUtil.parse(
              new String(json, StandardCharsets.UTF_8),
              node -> (DataFile) ContentFileParser.fromJson(node, specs(table))));
    }
    return files;
  }

  private PartitionSpec spec(PipelineTable table, int specId) throws IOException {
    PartitionSpec spec = specs(table).get(specId);
    if (spec == null) {
      throw new IOException("Table " + table + " has no partition spec " + specId);
    }
    return spec;
  }

  private Map<Integer, PartitionSpec> specs(PipelineTable table) {
    EnumMap<PipelineTable, Map<Integer, PartitionSpec>> known = specs;
    if (known == null) {
      known = loadSpecs();
      specs = known;
    }
    return known.getOrDefault(table, Map.of());
  }

  private EnumMap<PipelineTable, Map<Integer, PartitionSpec>> loadSpecs() {
    EnumMap<PipelineTable, Map<Integer, PartitionSpec>> loaded = new EnumMap<>(PipelineTable.class);
    try (LakeCatalog catalog = pipeline.catalogLoader().open()) {
      for (Map.Entry<PipelineTable, Table> entry : pipeline.load(catalog).entrySet()) {
        loaded.put(entry.getKey(), entry.getValue().specs());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return loaded;
  }
}
