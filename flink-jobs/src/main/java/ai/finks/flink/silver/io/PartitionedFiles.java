package ai.finks.flink.silver.io;

import ai.finks.flink.silver.parquet.ColumnarFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;
import org.apache.iceberg.encryption.EncryptedOutputFile;
import org.apache.iceberg.flink.FlinkSchemaUtil;
import org.apache.iceberg.flink.sink.FlinkAppenderFactory;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.OutputFileFactory;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows of one table into one open Parquet file per partition.
 *
 * <p>The table is partitioned by the identity of string columns, or not at all. At most {@value
 * #MAX_OPEN} files are open at a time (the one opened first is closed early), so that rows of
 * thousands of days in one checkpoint cost files, not memory.
 */
final class PartitionedFiles implements AutoCloseable {
  static final int MAX_OPEN = 128;

  private final Table table;
  private final PartitionSpec spec;
  private final int[] columns;
  private final WriterFactory writers;
  private final OutputFileFactory places;
  private final long targetBytes;
  private final Map<List<String>, DataWriter<RowData>> open = new LinkedHashMap<>();
  private final List<DataFile> closed = new ArrayList<>();
  private final StringData[] lastValues;
  private @Nullable DataWriter<RowData> last;
  private long rowsSinceSizeCheck;

  PartitionedFiles(Table table, int subtask, int attempt, long targetBytes) {
    this.table = table;
    this.spec = table.spec();
    this.columns = columns(table);
    this.lastValues = new StringData[columns.length];
    this.targetBytes = targetBytes;
    this.writers = ColumnarFormat.covers(table.schema()) ? new ByColumn(table) : new ByRow(table);
    this.places =
        OutputFileFactory.builderFor(table, subtask, attempt).format(FileFormat.PARQUET).build();
  }

  private static int[] columns(Table table) {
    List<Integer> columns = new ArrayList<>();
    for (PartitionField field : table.spec().fields()) {
      if (!field.transform().isIdentity()) {
        throw new IllegalArgumentException(
            "Table " + table.name() + " must be partitioned by identity, not " + field);
      }
      columns.add(table.schema().columns().indexOf(table.schema().findField(field.sourceId())));
    }
    return columns.stream().mapToInt(Integer::intValue).toArray();
  }

  void write(RowData row) {
    DataWriter<RowData> writer = last;
    if (writer == null || !isSamePartition(row)) {
      writer = writerOf(row);
    }
    writer.write(row);
    if (++rowsSinceSizeCheck >= 1000) {
      rowsSinceSizeCheck = 0;
      rollIfLarge(writer);
    }
  }

  /** Consecutive rows mostly share their partition; then nothing needs to be looked up. */
  private boolean isSamePartition(RowData row) {
    for (int i = 0; i < columns.length; i++) {
      if (!row.getString(columns[i]).equals(lastValues[i])) {
        return false;
      }
    }
    return true;
  }

  private DataWriter<RowData> writerOf(RowData row) {
    List<String> values = new ArrayList<>(columns.length);
    for (int i = 0; i < columns.length; i++) {
      lastValues[i] = row.getString(columns[i]);
      values.add(lastValues[i].toString());
    }
    DataWriter<RowData> writer = open.get(values);
    if (writer == null) {
      closeOldestIfFull();
      writer = openWriter(values);
      open.put(values, writer);
    }
    last = writer;
    return writer;
  }

  private DataWriter<RowData> openWriter(List<String> values) {
    if (spec.isUnpartitioned()) {
      return writers.open(places.newOutputFile(), null);
    }
    PartitionData partition = new PartitionData(spec.partitionType());
    for (int i = 0; i < values.size(); i++) {
      partition.set(i, values.get(i));
    }
    return writers.open(places.newOutputFile(spec, partition), partition);
  }

  private void closeOldestIfFull() {
    if (open.size() >= MAX_OPEN) {
      close(open.remove(open.keySet().iterator().next()));
    }
  }

  private void rollIfLarge(DataWriter<RowData> writer) {
    if (writer.length() >= targetBytes) {
      open.values().remove(writer);
      close(writer);
    }
  }

  private void close(@Nullable DataWriter<RowData> writer) {
    if (writer == null) {
      return;
    }
    last = null;
    try {
      writer.close();
    } catch (IOException e) {
      throw new UncheckedIOException("A file of " + table.name() + " could not be written", e);
    }
    closed.add(writer.toDataFile());
  }

  /** Closes all files and hands them out. */
  List<DataFile> complete() {
    new ArrayList<>(open.values()).forEach(this::close);
    open.clear();
    List<DataFile> files = new ArrayList<>(closed);
    closed.clear();
    return files;
  }

  /** Closes and removes what was not handed out. */
  @Override
  public void close() {
    for (DataFile file : complete()) {
      table.io().deleteFile(file.location());
    }
    writers.close();
  }

  /** Opens files of the table. */
  private interface WriterFactory extends AutoCloseable {
    DataWriter<RowData> open(EncryptedOutputFile file, @Nullable PartitionData partition);

    @Override
    void close();
  }

  private static final class ByColumn implements WriterFactory {
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
    public void close() {
      format.close();
    }
  }

  /** Iceberg's own writer, for tables with maps and lists. */
  private static final class ByRow implements WriterFactory {
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
    public void close() {
      // Its files hold all there is.
    }
  }
}
