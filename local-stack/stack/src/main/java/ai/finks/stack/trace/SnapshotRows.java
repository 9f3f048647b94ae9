package ai.finks.stack.trace;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IdentityPartitionConverters;
import org.apache.iceberg.data.InternalRecordWrapper;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.expressions.Binder;
import org.apache.iceberg.expressions.Evaluator;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.iceberg.util.PartitionUtil;

/** Rows of one snapshot of a table; files that cannot hold any are not opened. */
final class SnapshotRows {
  private final Table table;
  private final long snapshotId;

  SnapshotRows(Table table, long snapshotId) {
    this.table = table;
    this.snapshotId = snapshotId;
  }

  Table table() {
    return table;
  }

  long snapshotId() {
    return snapshotId;
  }

  /** Some of the rows for which the expression is true, at most so many. */
  List<Record> first(Expression expression, int most) {
    List<Record> rows = new ArrayList<>();
    for (FileScanTask file : files(expression)) {
      try (CloseableIterable<Record> read = open(file, table.schema(), expression, false)) {
        for (Record row : read) {
          if (rows.size() == most) {
            return rows;
          }
          rows.add(row);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return rows;
  }

  /** The files that may hold rows for which the expression is true, with their metrics. */
  List<FileScanTask> files(Expression expression) {
    List<FileScanTask> files = new ArrayList<>();
    try (CloseableIterable<FileScanTask> planned =
        table
            .newScan()
            .useSnapshot(snapshotId)
            .filter(expression)
            .includeColumnStats()
            .planFiles()) {
      for (FileScanTask file : planned) {
        if (!file.deletes().isEmpty()) {
          throw new IllegalStateException(
              table.name() + " has delete files, which nothing of the platform writes");
        }
        files.add(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  /**
   * Gives each row of some files for which an expression is true, in any order.
   *
   * @param columns that the rows have; those of the expression come in addition
   * @param rows is given one row after the other; each is overwritten by the next one
   */
  void each(
      Collection<FileScanTask> files,
      Collection<String> columns,
      Expression expression,
      Consumer<Record> rows) {
    Schema projection = projection(columns, expression);
    for (FileScanTask file : files) {
      try (CloseableIterable<Record> read = open(file, projection, expression, true)) {
        read.forEach(rows);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private Schema projection(Collection<String> columns, Expression expression) {
    Set<Integer> ids =
        new HashSet<>(Binder.boundReferences(table.schema().asStruct(), List.of(expression), true));
    for (String column : columns) {
      NestedField field = table.schema().findField(column);
      if (field != null) {
        ids.add(field.fieldId());
      }
    }
    return TypeUtil.select(table.schema(), ids);
  }

  private CloseableIterable<Record> open(
      FileScanTask file, Schema projection, Expression expression, boolean reuse) {
    Parquet.ReadBuilder builder =
        Parquet.read(table.io().newInputFile(file.file().location()))
            .project(projection)
            .filter(expression)
            .createReaderFunc(
                written ->
                    GenericParquetReaders.buildReader(
                        projection,
                        written,
                        PartitionUtil.constantsMap(
                            file, IdentityPartitionConverters::convertConstant)));
    CloseableIterable<Record> rows = (reuse ? builder.reuseContainers() : builder).build();
    if (expression.op() == Expression.Operation.TRUE) {
      return rows;
    }
    Evaluator evaluator = new Evaluator(projection.asStruct(), expression);
    InternalRecordWrapper wrapper = new InternalRecordWrapper(projection.asStruct());
    return CloseableIterable.filter(rows, row -> evaluator.eval(wrapper.wrap(row)));
  }

  /** Those of the rows for which the expression is true. */
  static List<Record> filter(List<Record> rows, Schema schema, Expression expression) {
    Evaluator evaluator = new Evaluator(schema.asStruct(), expression);
    InternalRecordWrapper wrapper = new InternalRecordWrapper(schema.asStruct());
    return rows.stream().filter(row -> evaluator.eval(wrapper.wrap(row))).toList();
  }
}
