package ai.finks.flink.seal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.flink.data.FlinkParquetReaders;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

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
    return CloseableIterable.transform(
        CloseableIterable.concat(parts), row -> widened(row, columns));
  }

  /** The reader gives decimals the precision that the file has; Flink wants the column's. */
  private static RowData widened(RowData row, Schema columns) {
    for (int at = 0; at < columns.columns().size(); at++) {
      Type type = columns.columns().get(at).type();
      if (type.typeId() == Type.TypeID.DECIMAL && !row.isNullAt(at)) {
        Types.DecimalType wanted = (Types.DecimalType) type;
        DecimalData read = row.getDecimal(at, wanted.precision(), wanted.scale());
        if (read.precision() != wanted.precision()) {
          ((GenericRowData) row)
              .setField(
                  at,
                  DecimalData.fromBigDecimal(
                      read.toBigDecimal(), wanted.precision(), wanted.scale()));
        }
      }
    }
    return row;
  }
}
