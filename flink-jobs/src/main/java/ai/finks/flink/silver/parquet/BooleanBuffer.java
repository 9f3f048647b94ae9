package ai.finks.flink.silver.parquet;

import java.util.Arrays;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.shaded.org.apache.parquet.bytes.BytesInput;
import org.apache.iceberg.shaded.org.apache.parquet.column.Encoding;
import org.apache.iceberg.shaded.org.apache.parquet.column.statistics.Statistics;

/** Booleans, a bit each, the first one lowest. */
final class BooleanBuffer extends ColumnBuffer {
  private byte[] bits = new byte[FIRST_CAPACITY / Byte.SIZE];
  private int trues;

  BooleanBuffer(ColumnPlan plan, PageEncoders encoders) {
    super(plan, encoders);
  }

  @Override
  int addValue(RowData row, int position, int index) {
    add(row.getBoolean(position), index);
    return 1;
  }

  private void add(boolean value, int index) {
    int octet = index / Byte.SIZE;
    int bit = index % Byte.SIZE;
    if (octet == bits.length) {
      bits = Arrays.copyOf(bits, 2 * octet);
    }
    if (bit == 0) {
      bits[octet] = 0;
    }
    if (value) {
      bits[octet] |= (byte) (1 << bit);
      trues++;
    }
  }

  @Override
  void repeatValue(int index, int times) {
    boolean value = (bits[(index - 1) / Byte.SIZE] >> ((index - 1) % Byte.SIZE) & 1) != 0;
    for (int i = 0; i < times; i++) {
      add(value, index + i);
    }
  }

  @Override
  Encoding encoding(int count) {
    return Encoding.PLAIN;
  }

  @Override
  BytesInput encode(int count, Statistics<?> statistics) {
    statistics.updateStats(trues > 0);
    statistics.updateStats(trues == count);
    return BytesInput.from(bits, 0, (count + Byte.SIZE - 1) / Byte.SIZE);
  }

  @Override
  void pageWritten() {
    trues = 0;
  }
}
