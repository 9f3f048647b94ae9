package ai.finks.flink.seal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.flink.data.FlinkParquetReaders;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.parquet.Parquet;

/** Reads the rows of Silver's files as the jobs write them. */
public final class StoredRows {
  private StoredRows() {}

  /**
   * The rows of some files, file by file; a row is overwritten by the next one.
   *
   * @param table whose files they are
   * @param columns to read, found by id; null where a file does not have one
   */
  public static CloseableIterable<RowData> read(
      Table table, Collection<DataFile> files, Schema columns) {
    List<CloseableIterable<RowData>> parts = new ArrayList<>();
    for (DataFile file : files) {
      parts.add(
          Parquet.read(table.io().newInputFile(file.location()))
              .project(columns)
              .reuseContainers()
              .createReaderFunc(written -> FlinkParquetReaders.buildReader(columns, written))
              .build());
    }
    return CloseableIterable.concat(parts);
  }
}
