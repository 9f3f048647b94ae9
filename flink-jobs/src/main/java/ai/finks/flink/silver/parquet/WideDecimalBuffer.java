package ai.finks.flink.silver.parquet;

import java.util.Arrays;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.shaded.org.apache.parquet.bytes.BytesInput;
import org.apache.iceberg.shaded.org.apache.parquet.column.Encoding;
import org.apache.iceberg.shaded.org.apache.parquet.column.statistics.Statistics;
import org.apache.iceberg.shaded.org.apache.parquet.io.api.Binary;
import org.apache.iceberg.types.Types.DecimalType;

/** Decimals of more than 18 digits: the unscaled value, big-endian, all of one length. */
final class WideDecimalBuffer extends ColumnBuffer {
  private final int precision;
  private final int scale;
  private final int length;
  private final PlainValues values = new PlainValues();
  private Statistics<?> bounds;

  WideDecimalBuffer(ColumnPlan plan, PageEncoders encoders) {
    super(plan, encoders);
    this.precision = ((DecimalType) plan.type()).precision();
    this.scale = ((DecimalType) plan.type()).scale();
    this.length = plan.primitive().getTypeLength();
    this.bounds = Statistics.createStats(plan.primitive());
  }

  @Override
  int addValue(RowData row, int position, int index) {
    byte[] unscaled = row.getDecimal(position, precision, scale).toUnscaledBytes();
    byte[] value = new byte[length];
    int padding = length - unscaled.length;
    Arrays.fill(value, 0, padding, (byte) (unscaled[0] < 0 ? -1 : 0));
    System.arraycopy(unscaled, 0, value, padding, unscaled.length);
    values.appendFixed(value);
    bounds.updateStats(Binary.fromConstantByteArray(value));
    return length;
  }

  @Override
  Encoding encoding(int count) {
    return Encoding.PLAIN;
  }

  @Override
  BytesInput encode(int count, Statistics<?> statistics) {
    statistics.mergeStatistics(bounds);
    return values.bytes();
  }

  @Override
  void pageWritten() {
    values.clear();
    bounds = Statistics.createStats(plan().primitive());
  }
}
