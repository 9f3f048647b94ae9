package ai.finks.flink.silver.io;

import ai.finks.flink.silver.parquet.DirectRow;
import ai.finks.schemas.value.Utf8Text;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.OutputFileFactory;
import org.apache.iceberg.util.PropertyUtil;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows of one table into one open Parquet file per partition.
 *
 * <p>The table is partitioned by the identity of string columns, or not at all. A file ends when it
 * reaches the table's target size. What is open is bounded in number (then the file opened first
 * ends) and in bytes (then the largest ends), so rows of thousands of days in one checkpoint cost
 * neither memory nor a file for every few of them.
 */
public final class PartitionedFiles implements AutoCloseable {
  public static final long MAX_OPEN_BYTES = 256L << 20;

  private static final long DEFAULT_TARGET_BYTES = 128L << 20;
  private static final int ROWS_BETWEEN_SIZE_CHECKS = 1000;

  private final Table table;
  private final PartitionSpec spec;
  private final int[] columns;
  private final DataFileWriters writers;
  private final OutputFileFactory places;
  private final long targetBytes;
  private final long maxOpenBytes;
  private final Map<List<String>, DataWriter<RowData>> open = new LinkedHashMap<>();
  private final List<DataFile> closed = new ArrayList<>();
  private final StringData[] lastValues;
  private final @Nullable Utf8Text[] lastTexts;
  private @Nullable Object lastSteady;
  private @Nullable DataWriter<RowData> last;
  private int rowsSinceSizeCheck;

  PartitionedFiles(Table table, TaskInfo task) {
    this(table, task.getIndexOfThisSubtask(), task.getAttemptNumber(), MAX_OPEN_BYTES);
  }

  /**
   * @param subtask with the attempt, part of the files' names
   * @param maxOpenBytes the most that open files may hold in memory
   */
  public PartitionedFiles(Table table, int subtask, int attempt, long maxOpenBytes) {
    this.table = table;
    this.spec = table.spec();
    this.columns = columns(table);
    this.lastValues = new StringData[columns.length];
    this.lastTexts = new Utf8Text[columns.length];
    this.targetBytes =
        PropertyUtil.propertyAsLong(
            table.properties(), TableProperties.WRITE_TARGET_FILE_SIZE_BYTES, DEFAULT_TARGET_BYTES);
    this.maxOpenBytes = maxOpenBytes;
    this.writers = DataFileWriters.of(table);
    this.places =
        OutputFileFactory.builderFor(table, subtask, attempt).format(FileFormat.PARQUET).build();
  }

  /** Where in a row the columns are that the table is partitioned by. */
  static int[] columns(Table table) {
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

  public void write(RowData row) {
    DataWriter<RowData> writer = last;
    if (writer == null || !isSamePartition(row)) {
      writer = writerOf(row);
    }
    writer.write(row);
    if (++rowsSinceSizeCheck >= ROWS_BETWEEN_SIZE_CHECKS) {
      rowsSinceSizeCheck = 0;
      endLarge();
    }
  }

  /** Consecutive rows mostly share their partition; then nothing needs to be looked up. */
  private boolean isSamePartition(RowData row) {
    if (row instanceof DirectRow) {
      return isSamePartition((DirectRow) row);
    }
    for (int i = 0; i < columns.length; i++) {
      if (!row.getString(columns[i]).equals(lastValues[i])) {
        return false;
      }
    }
    return true;
  }

  private boolean isSamePartition(DirectRow row) {
    Object steady = row.steadyValues();
    if (steady == lastSteady) {
      return true;
    }
    boolean isSteady = true;
    for (int column : columns) {
      isSteady &= row.isSteady(column);
    }
    for (int i = 0; i < columns.length; i++) {
      if (!row.text(columns[i]).equals(lastTexts[i])) {
        return false;
      }
    }
    lastSteady = isSteady ? steady : null;
    return true;
  }

  private DataWriter<RowData> writerOf(RowData row) {
    List<String> values = new ArrayList<>(columns.length);
    lastSteady = null;
    for (int i = 0; i < columns.length; i++) {
      lastTexts[i] = row instanceof DirectRow ? ((DirectRow) row).text(columns[i]) : null;
    }
    for (int i = 0; i < columns.length; i++) {
      String value = row.getString(columns[i]).toString();
      lastValues[i] = StringData.fromString(value);
      values.add(value);
    }
    DataWriter<RowData> writer = open.get(values);
    if (writer == null) {
      endOldestIfFull();
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

  private void endOldestIfFull() {
    if (open.size() >= writers.maxOpen()) {
      end(open.remove(open.keySet().iterator().next()));
    }
  }

  private void endLarge() {
    long openBytes = 0;
    DataWriter<RowData> largest = null;
    long largestBytes = -1;
    for (DataWriter<RowData> writer : open.values()) {
      long bytes = writer.length();
      openBytes += bytes;
      if (bytes > largestBytes) {
        largest = writer;
        largestBytes = bytes;
      }
    }
    if (largest != null && (largestBytes >= targetBytes || openBytes >= maxOpenBytes)) {
      open.values().remove(largest);
      end(largest);
    }
  }

  private void end(@Nullable DataWriter<RowData> writer) {
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

  /** Ends all files and hands them out. */
  public List<DataFile> complete() {
    new ArrayList<>(open.values()).forEach(this::end);
    open.clear();
    List<DataFile> files = new ArrayList<>(closed);
    closed.clear();
    return files;
  }

  /** Removes what was not handed out. */
  @Override
  public void close() {
    for (DataFile file : complete()) {
      table.io().deleteFile(file.location());
    }
    writers.close();
  }
}
