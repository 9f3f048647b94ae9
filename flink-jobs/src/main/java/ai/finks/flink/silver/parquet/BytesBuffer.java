package ai.finks.flink.silver.parquet;

import org.apache.flink.table.data.RowData;
import org.apache.iceberg.shaded.org.apache.parquet.bytes.BytesInput;
import org.apache.iceberg.shaded.org.apache.parquet.column.Encoding;
import org.apache.iceberg.shaded.org.apache.parquet.column.statistics.Statistics;

/** Byte strings as they are: hashes, which no dictionary makes smaller. */
final class BytesBuffer extends ColumnBuffer {
  private final PlainValues values = new PlainValues();
  private final ByteBounds bounds = new ByteBounds();

  BytesBuffer(ColumnPlan plan, PageEncoders encoders) {
    super(plan, encoders);
  }

  @Override
  int addValue(RowData row, int position, int index) {
    byte[] value = row.getBinary(position);
    values.append(value);
    bounds.add(value);
    return Integer.BYTES + value.length;
  }

  @Override
  Encoding encoding(int count) {
    return Encoding.PLAIN;
  }

  @Override
  BytesInput encode(int count, Statistics<?> statistics) {
    bounds.moveTo(statistics);
    return values.bytes();
  }

  @Override
  void pageWritten() {
    values.clear();
    bounds.clear();
  }
}
