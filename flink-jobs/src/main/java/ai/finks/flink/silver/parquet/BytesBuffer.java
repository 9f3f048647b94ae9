package ai.finks.flink.silver.parquet;

import java.nio.ByteBuffer;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.shaded.org.apache.parquet.bytes.BytesInput;
import org.apache.iceberg.shaded.org.apache.parquet.column.Encoding;
import org.apache.iceberg.shaded.org.apache.parquet.column.statistics.Statistics;

/** Byte strings as they are: hashes, which no dictionary makes smaller. */
final class BytesBuffer extends ColumnBuffer {
  private final PlainValues values = new PlainValues();
  private final ByteBounds bounds = new ByteBounds();
  private boolean pairs;
  private long leastHigh;
  private long leastLow;
  private long greatestHigh;
  private long greatestLow;

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

  /** Takes 16 bytes of a row that has them as two numbers, and returns how many bytes it added. */
  int addDirect(DirectRow row) {
    if (isNull(row)) {
      return 0;
    }
    nextIndex();
    long high = row.high(position());
    long low = row.low(position());
    values.append(high, low);
    if (!pairs) {
      pairs = true;
      leastHigh = high;
      leastLow = low;
      greatestHigh = high;
      greatestLow = low;
    } else if (isLess(high, low, leastHigh, leastLow)) {
      leastHigh = high;
      leastLow = low;
    } else if (isLess(greatestHigh, greatestLow, high, low)) {
      greatestHigh = high;
      greatestLow = low;
    }
    return Integer.BYTES + 2 * Long.BYTES;
  }

  private static boolean isLess(long high, long low, long otherHigh, long otherLow) {
    return high == otherHigh
        ? Long.compareUnsigned(low, otherLow) < 0
        : Long.compareUnsigned(high, otherHigh) < 0;
  }

  private static byte[] bytes(long high, long low) {
    return ByteBuffer.allocate(2 * Long.BYTES).putLong(high).putLong(low).array();
  }

  @Override
  Encoding encoding(int count) {
    return Encoding.PLAIN;
  }

  @Override
  BytesInput encode(int count, Statistics<?> statistics) {
    if (pairs) {
      bounds.add(bytes(leastHigh, leastLow));
      bounds.add(bytes(greatestHigh, greatestLow));
    }
    bounds.moveTo(statistics);
    return values.bytes();
  }

  @Override
  void pageWritten() {
    values.clear();
    bounds.clear();
    pairs = false;
  }
}
