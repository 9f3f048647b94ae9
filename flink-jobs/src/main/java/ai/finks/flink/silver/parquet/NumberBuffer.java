package ai.finks.flink.silver.parquet;

import java.util.Arrays;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.TimestampData;
import org.apache.iceberg.shaded.org.apache.parquet.bytes.BytesInput;
import org.apache.iceberg.shaded.org.apache.parquet.column.Encoding;
import org.apache.iceberg.shaded.org.apache.parquet.column.statistics.Statistics;
import org.apache.iceberg.shaded.org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.iceberg.types.Type.TypeID;
import org.apache.iceberg.types.Types.DecimalType;

/**
 * Integers, dates, timestamps and decimals of at most 18 digits, as differences from value to
 * value: offsets, sequences and times shrink to a few bits, prices of a symbol to two bytes.
 */
final class NumberBuffer extends ColumnBuffer {
  private static final int MICROS = 6;

  private final boolean isInt;
  private final TypeID type;
  private final int precision;
  private final int scale;
  private long[] values = new long[FIRST_CAPACITY];

  NumberBuffer(ColumnPlan plan, PageEncoders encoders) {
    super(plan, encoders);
    this.isInt = plan.primitive().getPrimitiveTypeName() == PrimitiveTypeName.INT32;
    this.type = plan.type().typeId();
    boolean isDecimal = type == TypeID.DECIMAL;
    this.precision = isDecimal ? ((DecimalType) plan.type()).precision() : 0;
    this.scale = isDecimal ? ((DecimalType) plan.type()).scale() : 0;
  }

  @Override
  int addValue(RowData row, int position, int index) {
    if (index == values.length) {
      values = Arrays.copyOf(values, 2 * index);
    }
    values[index] = read(row, position);
    return Long.BYTES;
  }

  /** Takes the value of a row that has it at hand. */
  void addDirect(DirectRow row) {
    if (!isNull(row)) {
      int index = nextIndex();
      if (index == values.length) {
        values = Arrays.copyOf(values, 2 * index);
      }
      values[index] = row.number(position());
    }
  }

  @Override
  void repeatValue(int index, int times) {
    int end = index + times;
    if (end > values.length) {
      values = Arrays.copyOf(values, Math.max(end, 2 * values.length));
    }
    Arrays.fill(values, index, end, values[index - 1]);
  }

  private long read(RowData row, int position) {
    switch (type) {
      case INTEGER:
      case DATE:
        return row.getInt(position);
      case TIMESTAMP:
        TimestampData time = row.getTimestamp(position, MICROS);
        return time.getMillisecond() * 1000 + time.getNanoOfMillisecond() / 1000;
      case DECIMAL:
        return row.getDecimal(position, precision, scale).toUnscaledLong();
      default:
        return row.getLong(position);
    }
  }

  @Override
  Encoding encoding(int count) {
    return Encoding.DELTA_BINARY_PACKED;
  }

  @Override
  BytesInput encode(int count, Statistics<?> statistics) {
    long least = values[0];
    long greatest = values[0];
    for (int i = 1; i < count; i++) {
      least = Math.min(least, values[i]);
      greatest = Math.max(greatest, values[i]);
    }
    if (isInt) {
      statistics.updateStats((int) least);
      statistics.updateStats((int) greatest);
      return encoders().intDeltas(values, count);
    }
    statistics.updateStats(least);
    statistics.updateStats(greatest);
    return encoders().longDeltas(values, count);
  }

  @Override
  void pageWritten() {
    // Values are overwritten by the next page's.
  }
}
