package ai.finks.bench.report;

import java.io.IOException;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;

/**
 * What a table really holds, by reading its files.
 *
 * @param rows how many
 * @param sum of one column of longs, which tells whether they are the right ones
 */
public record TableRows(long rows, long sum) {
  /** Reads one column of a table's current snapshot. */
  public static TableRows read(Table table, String column) throws IOException {
    long rows = 0;
    long sum = 0;
    try (CloseableIterable<Record> records = IcebergGenerics.read(table).select(column).build()) {
      for (Record record : records) {
        rows++;
        sum += (Long) record.get(0);
      }
    }
    return new TableRows(rows, sum);
  }
}
