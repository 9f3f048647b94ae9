package ai.finks.flink.silver.parquet;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.shaded.org.apache.parquet.column.statistics.Statistics;
import org.apache.iceberg.shaded.org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.iceberg.shaded.org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.iceberg.shaded.org.apache.parquet.io.api.Binary;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types.DecimalType;
import org.apache.iceberg.util.BinaryUtil;
import org.apache.iceberg.util.UnicodeUtil;
import org.jspecify.annotations.Nullable;

/** What Iceberg keeps of a file, from the statistics in its footer. */
final class FooterMetrics {
  private final Map<Integer, Long> sizes = new HashMap<>();
  private final Map<Integer, Long> valueCounts = new HashMap<>();
  private final Map<Integer, Long> nullCounts = new HashMap<>();
  private final Map<Integer, ByteBuffer> lowerBounds = new HashMap<>();
  private final Map<Integer, ByteBuffer> upperBounds = new HashMap<>();

  private FooterMetrics() {}

  /**
   * The metrics of a file.
   *
   * @param columns in the order of the file's columns
   */
  static Metrics of(List<ColumnPlan> columns, List<BlockMetaData> rowGroups) {
    FooterMetrics metrics = new FooterMetrics();
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).isMeasured()) {
        metrics.add(columns.get(i), rowGroups, i);
      }
    }
    return new Metrics(
        rowGroups.stream().mapToLong(BlockMetaData::getRowCount).sum(),
        metrics.sizes,
        metrics.valueCounts,
        metrics.nullCounts,
        new HashMap<>(),
        metrics.lowerBounds,
        metrics.upperBounds);
  }

  private void add(ColumnPlan column, List<BlockMetaData> rowGroups, int index) {
    long size = 0;
    long values = 0;
    // Merging keeps the order of the column's type: unsigned bytes, signed numbers.
    Statistics<?> merged = Statistics.createStats(column.primitive());
    for (BlockMetaData rowGroup : rowGroups) {
      ColumnChunkMetaData chunk = rowGroup.getColumns().get(index);
      size += chunk.getTotalSize();
      values += chunk.getValueCount();
      merged.mergeStatistics(chunk.getStatistics());
    }
    int id = column.fieldId();
    sizes.put(id, size);
    valueCounts.put(id, values);
    nullCounts.put(id, merged.getNumNulls());
    if (column.boundLength() > 0 && merged.hasNonNullValue()) {
      put(lowerBounds, column, lower(column, value(column.type(), merged.genericGetMin())));
      put(upperBounds, column, upper(column, value(column.type(), merged.genericGetMax())));
    }
  }

  private static void put(
      Map<Integer, ByteBuffer> bounds, ColumnPlan column, @Nullable Object bound) {
    if (bound != null) {
      bounds.put(column.fieldId(), Conversions.toByteBuffer(column.type(), bound));
    }
  }

  private static Object value(Type type, Object stored) {
    switch (type.typeId()) {
      case STRING:
        return ((Binary) stored).toStringUsingUTF8();
      case BINARY:
        return ByteBuffer.wrap(((Binary) stored).getBytes());
      case DECIMAL:
        return new BigDecimal(unscaled(stored), ((DecimalType) type).scale());
      default:
        return stored;
    }
  }

  private static BigInteger unscaled(Object stored) {
    return stored instanceof Binary
        ? new BigInteger(((Binary) stored).getBytes())
        : BigInteger.valueOf(((Number) stored).longValue());
  }

  private static @Nullable Object lower(ColumnPlan column, Object value) {
    switch (column.type().typeId()) {
      case STRING:
        return UnicodeUtil.truncateStringMin((String) value, column.boundLength());
      case BINARY:
        return BinaryUtil.truncateBinaryMin((ByteBuffer) value, column.boundLength());
      default:
        return value;
    }
  }

  /** Null where every text or byte string of that length is less than the greatest value. */
  private static @Nullable Object upper(ColumnPlan column, Object value) {
    switch (column.type().typeId()) {
      case STRING:
        return UnicodeUtil.truncateStringMax((String) value, column.boundLength());
      case BINARY:
        return BinaryUtil.truncateBinaryMax((ByteBuffer) value, column.boundLength());
      default:
        return value;
    }
  }
}
