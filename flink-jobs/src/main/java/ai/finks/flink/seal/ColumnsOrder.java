package ai.finks.flink.seal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types.DecimalType;
import org.apache.iceberg.types.Types.NestedField;

/** Orders stored rows by some columns, ascending, nulls first; texts and bytes byte by byte. */
final class ColumnsOrder implements Comparator<RowData> {
  private static final int MICROS = 6;

  private interface OfColumn {
    int compare(RowData one, RowData other, int position);
  }

  private final int[] positions;
  private final OfColumn[] orders;

  private ColumnsOrder(int[] positions, OfColumn[] orders) {
    this.positions = positions;
    this.orders = orders;
  }

  static ColumnsOrder of(Schema schema, List<String> columns) {
    int[] positions = new int[columns.size()];
    List<OfColumn> orders = new ArrayList<>();
    for (String name : columns) {
      NestedField field = schema.findField(name);
      if (field == null) {
        throw new IllegalArgumentException("There is no column '" + name + "' in " + schema);
      }
      positions[orders.size()] = schema.columns().indexOf(field);
      orders.add(order(field.type()));
    }
    return new ColumnsOrder(positions, orders.toArray(new OfColumn[0]));
  }

  private static OfColumn order(Type type) {
    switch (type.typeId()) {
      case STRING:
        return (one, other, at) -> one.getString(at).compareTo(other.getString(at));
      case INTEGER:
      case DATE:
        return (one, other, at) -> Integer.compare(one.getInt(at), other.getInt(at));
      case LONG:
        return (one, other, at) -> Long.compare(one.getLong(at), other.getLong(at));
      case BOOLEAN:
        return (one, other, at) -> Boolean.compare(one.getBoolean(at), other.getBoolean(at));
      case TIMESTAMP:
        return (one, other, at) ->
            one.getTimestamp(at, MICROS).compareTo(other.getTimestamp(at, MICROS));
      case DECIMAL:
        int precision = ((DecimalType) type).precision();
        int scale = ((DecimalType) type).scale();
        return (one, other, at) ->
            one.getDecimal(at, precision, scale).compareTo(other.getDecimal(at, precision, scale));
      case BINARY:
        return (one, other, at) -> Arrays.compareUnsigned(one.getBinary(at), other.getBinary(at));
      default:
        throw new IllegalArgumentException("Rows cannot be ordered by a column of " + type);
    }
  }

  @Override
  public int compare(RowData one, RowData other) {
    for (int i = 0; i < positions.length; i++) {
      int at = positions[i];
      boolean isNull = one.isNullAt(at);
      int order =
          isNull || other.isNullAt(at)
              ? Boolean.compare(other.isNullAt(at), isNull)
              : orders[i].compare(one, other, at);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }
}
