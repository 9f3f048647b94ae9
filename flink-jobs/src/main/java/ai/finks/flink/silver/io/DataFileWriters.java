package ai.finks.flink.silver.io;

import ai.finks.flink.silver.parquet.ColumnarFormat;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;
import org.apache.iceberg.encryption.EncryptedOutputFile;
import org.apache.iceberg.flink.FlinkSchemaUtil;
import org.apache.iceberg.flink.sink.FlinkAppenderFactory;
import org.apache.iceberg.io.DataWriter;
import org.jspecify.annotations.Nullable;

/** Opens data files of one table: by column where its types allow it, else by row. */
interface DataFileWriters extends AutoCloseable {
  static DataFileWriters of(Table table) {
    return ColumnarFormat.covers(table.schema()) ? new ByColumn(table) : new ByRow(table);
  }

  DataWriter<RowData> open(EncryptedOutputFile file, @Nullable PartitionData partition);

  /** How many files may be open at a time. */
  int maxOpen();

  @Override
  void close();

  /** A file costs what it holds, and some kilobytes. */
  final class ByColumn implements DataFileWriters {
    private static final int MAX_OPEN = 4096;

    private final PartitionSpec spec;
    private final ColumnarFormat format;

    ByColumn(Table table) {
      this.spec = table.spec();
      this.format = ColumnarFormat.of(table);
    }

    @Override
    public DataWriter<RowData> open(EncryptedOutputFile file, @Nullable PartitionData partition) {
      return new DataWriter<>(
          format.open(file.encryptingOutputFile()),
          FileFormat.PARQUET,
          file.encryptingOutputFile().location(),
          spec,
          partition,
          file.keyMetadata());
    }

    @Override
    public int maxOpen() {
      return MAX_OPEN;
    }

    @Override
    public void close() {
      format.close();
    }
  }

  /** Iceberg's own writer, for tables with maps and lists. A file costs buffers for each column. */
  final class ByRow implements DataFileWriters {
    private static final int MAX_OPEN = 128;

    private final FlinkAppenderFactory appenders;

    ByRow(Table table) {
      this.appenders =
          new FlinkAppenderFactory(
              table,
              table.schema(),
              FlinkSchemaUtil.convert(table.schema()),
              table.properties(),
              table.spec(),
              null,
              null,
              null);
    }

    @Override
    public DataWriter<RowData> open(EncryptedOutputFile file, @Nullable PartitionData partition) {
      return appenders.newDataWriter(file, FileFormat.PARQUET, partition);
    }

    @Override
    public int maxOpen() {
      return MAX_OPEN;
    }

    @Override
    public void close() {
      // Nothing outlives its files.
    }
  }
}
