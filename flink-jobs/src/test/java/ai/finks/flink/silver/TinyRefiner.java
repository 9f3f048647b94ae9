package ai.finks.flink.silver;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.finks.flink.silver.core.KeyMemory;
import ai.finks.flink.silver.core.KnownVersions;
import ai.finks.flink.silver.core.VersionRule;
import ai.finks.flink.silver.function.PartitionWork;
import ai.finks.flink.silver.function.RecordRefiner;
import ai.finks.flink.silver.io.PipelineTable;
import ai.finks.flink.silver.io.Refinement;
import ai.finks.flink.stream.RawMessage;
import ai.finks.flink.table.StreamPartition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;

/**
 * The smallest thing that uses all tables: {@code key,version,content} is a row, all else is
 * refused. Lets the tests of offsets and fences do without contracts.
 */
final class TinyRefiner implements RecordRefiner {
  static final List<NestedField> FIELDS =
      List.of(
          NestedField.required(1, "key", Types.LongType.get()),
          NestedField.required(2, "content", Types.LongType.get()));

  private static final StringData ANY = StringData.fromString("any");
  private static final TimestampData TIME = TimestampData.fromEpochMillis(0);

  static String message(long key, long version, long content) {
    return key + "," + version + "," + content;
  }

  @Override
  public void refine(RawMessage message, PartitionWork work, Consumer<Refinement> out) {
    String[] words = new String(message.value(), UTF_8).split(",");
    if (words.length != 3) {
      work.counts().quarantine();
      out.accept(row(PipelineTable.QUARANTINE, work, message, refused(message, work)));
      return;
    }
    long key = Long.parseLong(words[0]);
    long version = Long.parseLong(words[1]);
    long content = Long.parseLong(words[2]);
    VersionRule rule = work.knownVersions().judge(key, key, version, "b", 0, content);
    switch (rule) {
      case KEEP:
        work.counts().silver(false);
        out.accept(
            row(PipelineTable.SILVER, work, message, kept(message, work, key, version, content)));
        break;
      case EXACT_AND_NEWER:
        work.counts().duplicateExact();
        out.accept(
            row(PipelineTable.MARKS, work, message, mark(message, work, key, version, content)));
        break;
      case EXACT:
        work.counts().duplicateExact();
        break;
      default:
        work.counts().duplicateSuperseded();
    }
  }

  private static Refinement row(
      PipelineTable table, PartitionWork work, RawMessage message, GenericRowData row) {
    return new Refinement().row(table, work.partition(), message.offset(), row);
  }

  private static GenericRowData kept(
      RawMessage message, PartitionWork work, long key, long version, long content) {
    return GenericRowData.of(
        key,
        content,
        ANY,
        ANY,
        StringData.fromString("b"),
        0L,
        TIME,
        version,
        text(work.partition().streamId()),
        text(message.topic()),
        message.partition(),
        message.offset(),
        0,
        bytes(content),
        null,
        // Taken in in 1970: the one is long over then, the other not yet.
        StringData.fromString(key % 2 == 0 ? "1960" : "2026"),
        null);
  }

  private static GenericRowData mark(
      RawMessage message, PartitionWork work, long key, long version, long content) {
    return GenericRowData.of(
        ANY,
        StringData.fromString("b"),
        0L,
        version,
        text(work.partition().streamId()),
        text(message.topic()),
        message.partition(),
        message.offset(),
        0,
        bytes(content),
        key,
        key);
  }

  private static GenericRowData refused(RawMessage message, PartitionWork work) {
    return GenericRowData.of(
        null,
        null,
        null,
        null,
        null,
        text(work.partition().streamId()),
        text(message.topic()),
        message.partition(),
        message.offset(),
        0,
        null,
        null,
        message.value(),
        null,
        null,
        ANY,
        new GenericArrayData(new Object[0]),
        1,
        ANY,
        TIME,
        ANY,
        ANY,
        ANY,
        ANY);
  }

  private static StringData text(String value) {
    return StringData.fromString(value);
  }

  private static byte[] bytes(long content) {
    return ByteBuffer.allocate(16).putLong(content).putLong(content).array();
  }

  @Override
  public Map<StreamPartition, KeyMemory> load(
      Map<StreamPartition, Long> beforeOffsets, Map<PipelineTable, Table> tables) {
    Map<StreamPartition, KeyMemory> memories = new HashMap<>();
    beforeOffsets.forEach(
        (partition, before) -> {
          KnownVersions known = new KnownVersions();
          load(partition, before, tables.get(PipelineTable.SILVER), "key", known);
          load(partition, before, tables.get(PipelineTable.MARKS), "key_high", known);
          memories.put(partition, KeyMemory.of(known));
        });
    return memories;
  }

  private static void load(
      StreamPartition p, long beforeOffset, Table table, String key, KnownVersions known) {
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(table)
            .where(Expressions.equal("_partition", p.partition()))
            .where(Expressions.equal("_topic", p.topic()))
            .where(Expressions.lessThan("_offset", beforeOffset))
            .build()) {
      for (Record row : rows) {
        long k = (Long) row.getField(key);
        long content = ((ByteBuffer) row.getField("_content_hash")).duplicate().getLong();
        known.judge(k, k, (Long) row.getField("_version"), "b", 0, content);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
