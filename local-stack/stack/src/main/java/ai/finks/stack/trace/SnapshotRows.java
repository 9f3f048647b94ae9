package ai.finks.stack.trace;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.InternalRecordWrapper;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Evaluator;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.io.CloseableIterable;

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

  /**
   * The rows for which the expression is true.
   *
   * @param most how many to give at most; more are counted nowhere
   */
  List<Record> where(Expression expression, int most) {
    List<Record> rows = new ArrayList<>();
    try (CloseableIterable<Record> read =
        IcebergGenerics.read(table).useSnapshot(snapshotId).where(expression).build()) {
      for (Record row : read) {
        if (rows.size() == most) {
          break;
        }
        rows.add(row);
      }
      return rows;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Those of the rows for which the expression is true. */
  static List<Record> filter(List<Record> rows, Schema schema, Expression expression) {
    Evaluator evaluator = new Evaluator(schema.asStruct(), expression);
    InternalRecordWrapper wrapper = new InternalRecordWrapper(schema.asStruct());
    return rows.stream().filter(row -> evaluator.eval(wrapper.wrap(row))).toList();
  }
}
