package ai.finks.flink.seal;

import ai.finks.flink.fault.FaultPoints;
import ai.finks.flink.silver.io.PartitionedFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.runtime.typeutils.RowDataSerializer;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.flink.FlinkSchemaUtil;
import org.apache.iceberg.io.CloseableIterable;

/** Writes the rows of small files into large ones, and makes sure that these hold them. */
final class CompactionWork {
  private final Table table;
  private final RowDataSerializer serializer;

  CompactionWork(Table table) {
    this.table = table;
    this.serializer = new RowDataSerializer(FlinkSchemaUtil.convert(table.schema()));
  }

  /**
   * The files that hold what the groups hold, one partition after the other, so that one file is
   * open at a time.
   *
   * @throws IllegalStateException if they do not hold it; nothing of them is left then
   */
  List<DataFile> write(List<SmallFiles.Group> groups) {
    List<DataFile> written = new ArrayList<>();
    try (PartitionedFiles files =
        new PartitionedFiles(table, 0, 0, PartitionedFiles.MAX_OPEN_BYTES)) {
      for (SmallFiles.Group group : groups) {
        RowsIdentity read = copy(group.files(), files);
        List<DataFile> large = files.complete();
        written.addAll(large);
        RowsIdentity found = identity(large);
        if (!found.equals(read)) {
          throw new IllegalStateException(
              String.format(
                  "The compacted files of %s %s hold %s instead of %s",
                  table.name(), group.partition(), found, read));
        }
      }
    } catch (RuntimeException failed) {
      written.forEach(file -> table.io().deleteFile(file.location()));
      throw failed;
    }
    FaultPoints.pass("compact.written");
    return written;
  }

  private RowsIdentity copy(List<DataFile> from, PartitionedFiles into) {
    RowsIdentity read = RowsIdentity.ofWholeRows();
    try (CloseableIterable<RowData> rows = StoredRows.read(table, from, table.schema())) {
      for (RowData row : rows) {
        read.add(serializer.toBinaryRow(row));
        into.write(row);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return read;
  }

  private RowsIdentity identity(List<DataFile> files) {
    RowsIdentity found = RowsIdentity.ofWholeRows();
    try (CloseableIterable<RowData> rows = StoredRows.read(table, files, table.schema())) {
      for (RowData row : rows) {
        found.add(serializer.toBinaryRow(row));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }
}
