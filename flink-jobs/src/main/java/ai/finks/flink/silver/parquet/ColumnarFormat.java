package ai.finks.flink.silver.parquet;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.MetricsUtil;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SchemaParser;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.parquet.ParquetCodecFactory;
import org.apache.iceberg.parquet.ParquetSchemaUtil;
import org.apache.iceberg.shaded.org.apache.parquet.column.ParquetProperties;
import org.apache.iceberg.shaded.org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.iceberg.shaded.org.apache.parquet.hadoop.ParquetOutputFormat;
import org.apache.iceberg.shaded.org.apache.parquet.hadoop.codec.ZstandardCodec;
import org.apache.iceberg.shaded.org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.iceberg.shaded.org.apache.parquet.schema.MessageType;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.iceberg.util.PropertyUtil;

/**
 * Parquet files of one table, written by column: what all of them share is worked out once, and
 * buffers go from file to file.
 *
 * <p>Files are what Iceberg's own writer makes of the same rows (types, field ids, metrics, split
 * offsets), but for encodings and page sizes. Of the table's properties those of codec, level, row
 * group size and metrics are followed. Used by one thread, with any number of files open.
 */
public final class ColumnarFormat implements AutoCloseable {
  private static final int POOLED_FILES = 128;
  private static final String MESSAGE = "table";

  private final MessageType message;
  private final List<ColumnPlan> columns;
  private final Map<String, String> footer;
  private final ParquetProperties parquet;
  private final long rowGroupBytes;
  private final BytesInputCompressor compressor;
  private final PageEncoders encoders;
  private final ArrayDeque<ColumnBuffer[]> pool = new ArrayDeque<>();

  private ColumnarFormat(Schema schema, Map<String, String> properties, MetricsConfig metrics) {
    this.message = ParquetSchemaUtil.convert(schema, MESSAGE);
    this.columns = new ArrayList<>();
    for (NestedField field : schema.columns()) {
      columns.add(
          new ColumnPlan(
              columns.size(),
              field,
              message.getColumns().get(columns.size()),
              MetricsUtil.metricsMode(schema, metrics, field.fieldId())));
    }
    this.footer = Map.of("iceberg.schema", SchemaParser.toJson(schema));
    this.parquet = ParquetProperties.builder().withSizeStatisticsEnabled(false).build();
    this.rowGroupBytes =
        PropertyUtil.propertyAsLong(
            properties,
            TableProperties.PARQUET_ROW_GROUP_SIZE_BYTES,
            TableProperties.PARQUET_ROW_GROUP_SIZE_BYTES_DEFAULT);
    this.compressor = compressor(properties, parquet.getPageSizeThreshold());
    this.encoders = new PageEncoders(parquet.getAllocator());
  }

  /** Whether every column of the schema is of a type that can be written here. */
  public static boolean covers(Schema schema) {
    return schema.columns().stream().allMatch(field -> ColumnPlan.covers(field.type()));
  }

  /**
   * The format of a table's files.
   *
   * @throws IllegalArgumentException if its schema is not covered
   */
  public static ColumnarFormat of(Table table) {
    return of(table.schema(), table.properties(), MetricsConfig.forTable(table));
  }

  /**
   * The format for a schema.
   *
   * @param properties table properties
   * @throws IllegalArgumentException if the schema is not covered
   */
  public static ColumnarFormat of(
      Schema schema, Map<String, String> properties, MetricsConfig metrics) {
    if (!covers(schema)) {
      throw new IllegalArgumentException("Columns of a type that is not covered: " + schema);
    }
    return new ColumnarFormat(schema, properties, metrics);
  }

  /** A new file. It is created when its first row group is written: one without rows never is. */
  public ColumnarFile open(OutputFile file) {
    ColumnBuffer[] buffers = pool.poll();
    return new ColumnarFile(this, file, buffers == null ? newBuffers() : buffers);
  }

  private ColumnBuffer[] newBuffers() {
    return columns.stream().map(column -> column.newBuffer(encoders)).toArray(ColumnBuffer[]::new);
  }

  /** Takes buffers back from a file that is done with them. */
  void recycle(ColumnBuffer[] buffers) {
    if (pool.size() < POOLED_FILES) {
      for (ColumnBuffer buffer : buffers) {
        buffer.clear();
      }
      pool.push(buffers);
    }
  }

  MessageType message() {
    return message;
  }

  List<ColumnPlan> columns() {
    return columns;
  }

  /** What the footer says beside Parquet's own. */
  Map<String, String> footer() {
    return footer;
  }

  ParquetProperties parquet() {
    return parquet;
  }

  long rowGroupBytes() {
    return rowGroupBytes;
  }

  BytesInputCompressor compressor() {
    return compressor;
  }

  private static BytesInputCompressor compressor(Map<String, String> properties, int pageBytes) {
    CompressionCodecName codec =
        CompressionCodecName.fromConf(
            properties.getOrDefault(
                TableProperties.PARQUET_COMPRESSION, TableProperties.PARQUET_COMPRESSION_DEFAULT));
    int level =
        PropertyUtil.propertyAsInt(
            properties,
            TableProperties.PARQUET_COMPRESSION_LEVEL,
            ZstandardCodec.DEFAULT_PARQUET_COMPRESS_ZSTD_LEVEL);
    if (codec == CompressionCodecName.ZSTD) {
      return new ZstdCompressor(level);
    }
    Configuration hadoop = new Configuration(false);
    hadoop.set(ParquetOutputFormat.COMPRESSION, codec.name());
    return new ParquetCodecFactory(hadoop, pageBytes).getCompressor(codec);
  }

  /** Frees buffers; every file must be closed. */
  @Override
  public void close() {
    pool.clear();
    encoders.close();
    compressor.release();
  }
}
