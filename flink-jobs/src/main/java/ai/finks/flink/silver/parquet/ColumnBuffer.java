package ai.finks.flink.silver.parquet;

import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.shaded.org.apache.parquet.bytes.BytesInput;
import org.apache.iceberg.shaded.org.apache.parquet.column.Encoding;
import org.apache.iceberg.shaded.org.apache.parquet.column.page.PageWriter;
import org.apache.iceberg.shaded.org.apache.parquet.column.statistics.Statistics;

/**
 * The values of one column since the last page, and the page they become. Buffers are reused from
 * file to file; memory grows to what the largest page needed.
 */
abstract class ColumnBuffer {
  static final int FIRST_CAPACITY = 64;

  private final ColumnPlan plan;
  private final PageEncoders encoders;
  private final boolean optional;
  private final int position;
  private boolean[] defined = {};
  private int rows;
  private int count;

  ColumnBuffer(ColumnPlan plan, PageEncoders encoders) {
    this.plan = plan;
    this.encoders = encoders;
    this.optional = plan.isOptional();
    this.position = plan.position();
  }

  /** Position in the row. */
  final int position() {
    return position;
  }

  final ColumnPlan plan() {
    return plan;
  }

  final PageEncoders encoders() {
    return encoders;
  }

  /** Takes the row's value of this column and returns about how many bytes it added. */
  final int add(RowData row) {
    if (isNull(row)) {
      return 0;
    }
    return addValue(row, position, count++);
  }

  /** Counts the row, and notes whether it has a value here. */
  final boolean isNull(RowData row) {
    boolean isNull = optional && row.isNullAt(position);
    if (isNull || rows > count) {
      // As long as all are there, nothing needs to be noted.
      note(!isNull);
    }
    rows++;
    return isNull;
  }

  /** Takes the value of the page's last row for so many more rows. There is a last row. */
  final void repeat(int times) {
    boolean isNull = rows > count && !defined[rows - 1];
    if (rows > count) {
      for (int i = 0; i < times; i++) {
        note(!isNull);
        rows++;
      }
    } else {
      rows += times;
    }
    if (!isNull) {
      int index = count;
      count += times;
      repeatValue(index, times);
    }
  }

  private void note(boolean isDefined) {
    if (rows >= defined.length) {
      defined = Arrays.copyOf(defined, Math.max(FIRST_CAPACITY, 2 * rows));
    }
    if (rows == count) {
      Arrays.fill(defined, 0, rows, true);
    }
    defined[rows] = isDefined;
  }

  /** Position of the next value in the page. */
  final int nextIndex() {
    return count++;
  }

  /** Writes out what was added since the last page; at least one row was. */
  final void writePage(PageWriter pages) throws IOException {
    Statistics<?> statistics = Statistics.createStats(plan.primitive());
    statistics.incrementNumNulls(rows - count);
    // An encoding with a header of its own would need values; the plain form of none is nothing.
    Encoding encoding = count == 0 ? Encoding.PLAIN : encoding(count);
    // A copy: levels and indexes may go through the same encoder, which holds one thing at a time.
    BytesInput levels =
        plan.isOptional() ? BytesInput.from(levels().toByteArray()) : BytesInput.empty();
    BytesInput values = count == 0 ? BytesInput.empty() : encode(count, statistics);
    pages.writePage(
        BytesInput.concat(levels, values),
        rows,
        rows,
        statistics,
        Encoding.BIT_PACKED,
        plan.isOptional() ? Encoding.RLE : Encoding.BIT_PACKED,
        encoding);
    rows = 0;
    count = 0;
    pageWritten();
  }

  private BytesInput levels() throws IOException {
    return rows == count ? encoders.allDefined(rows) : encoders.levels(defined, rows);
  }

  /** Ends the row group: what its pages share goes out. */
  void endChunk(PageWriter pages) throws IOException {}

  /** Forgets everything, for another file. */
  void clear() {
    rows = 0;
    count = 0;
    pageWritten();
  }

  /** Keeps the value that is not null, the index-th of the page. */
  abstract int addValue(RowData row, int position, int index);

  /** Keeps the value before the index-th so many times from there on. */
  void repeatValue(int index, int times) {
    throw new IllegalStateException(plan + " is not steady");
  }

  /** How a page of that many values, at least one, will be encoded; asked once per page. */
  abstract Encoding encoding(int values);

  /** The page's values in the encoding that was told, with the least and the greatest. */
  abstract BytesInput encode(int values, Statistics<?> statistics) throws IOException;

  /** Forgets the values of the page. */
  abstract void pageWritten();
}
