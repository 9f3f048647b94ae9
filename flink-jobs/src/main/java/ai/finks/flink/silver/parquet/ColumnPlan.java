package ai.finks.flink.silver.parquet;

import org.apache.iceberg.MetricsModes;
import org.apache.iceberg.MetricsModes.MetricsMode;
import org.apache.iceberg.shaded.org.apache.parquet.column.ColumnDescriptor;
import org.apache.iceberg.shaded.org.apache.parquet.schema.PrimitiveType;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types.DecimalType;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.iceberg.types.Types.TimestampType;

/** What is the same for a column in every file of a table. */
final class ColumnPlan {
  /** Decimals of more digits do not fit a long. */
  static final int MAX_LONG_DIGITS = 18;

  private final int position;
  private final NestedField field;
  private final ColumnDescriptor descriptor;
  private final MetricsMode metrics;

  ColumnPlan(int position, NestedField field, ColumnDescriptor descriptor, MetricsMode metrics) {
    this.position = position;
    this.field = field;
    this.descriptor = descriptor;
    this.metrics = metrics;
  }

  /** Whether columns of the type can be written here. */
  static boolean covers(Type type) {
    switch (type.typeId()) {
      case BOOLEAN:
      case INTEGER:
      case LONG:
      case DATE:
      case STRING:
      case BINARY:
      case DECIMAL:
        return true;
      case TIMESTAMP:
        return ((TimestampType) type).shouldAdjustToUTC();
      default:
        return false;
    }
  }

  ColumnBuffer newBuffer(PageEncoders encoders) {
    switch (field.type().typeId()) {
      case BOOLEAN:
        return new BooleanBuffer(this, encoders);
      case STRING:
        return new TextBuffer(this, encoders);
      case BINARY:
        return new BytesBuffer(this, encoders);
      case DECIMAL:
        return ((DecimalType) field.type()).precision() > MAX_LONG_DIGITS
            ? new WideDecimalBuffer(this, encoders)
            : new NumberBuffer(this, encoders);
      default:
        return new NumberBuffer(this, encoders);
    }
  }

  /** Position in the row. */
  int position() {
    return position;
  }

  int fieldId() {
    return field.fieldId();
  }

  Type type() {
    return field.type();
  }

  boolean isOptional() {
    return field.isOptional();
  }

  ColumnDescriptor descriptor() {
    return descriptor;
  }

  PrimitiveType primitive() {
    return descriptor.getPrimitiveType();
  }

  /** Whether the table's metrics configuration asks for anything of this column. */
  boolean isMeasured() {
    return !metrics.equals(MetricsModes.None.get());
  }

  /** Length of text and bytes in bounds; 0 for no bounds. */
  int boundLength() {
    if (metrics instanceof MetricsModes.Truncate) {
      return ((MetricsModes.Truncate) metrics).length();
    }
    return metrics.equals(MetricsModes.Full.get()) ? Integer.MAX_VALUE : 0;
  }

  @Override
  public String toString() {
    return field.toString();
  }
}
