package ai.finks.flink.seal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongBiFunction;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.TimestampData;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types.DecimalType;
import org.apache.iceberg.types.Types.NestedField;

/** 64 bits of a row's identity, its source and contract key. Different keys may share them. */
final class KeyHash {
  private static final int MICROS = 6;
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private final int[] positions;
  private final List<ToLongBiFunction<RowData, Integer>> values = new ArrayList<>();

  /**
   * @param columns source and key, among those of the schema
   */
  KeyHash(Schema schema, List<String> columns) {
    positions = new int[columns.size()];
    for (String column : columns) {
      NestedField field = schema.findField(column);
      positions[values.size()] = schema.columns().indexOf(field);
      values.add(value(field.type()));
    }
  }

  private static ToLongBiFunction<RowData, Integer> value(Type type) {
    switch (type.typeId()) {
      case STRING:
        return (row, at) -> hash(row.getString(at).toBytes());
      case INTEGER:
      case DATE:
        return RowData::getInt;
      case LONG:
        return RowData::getLong;
      case BOOLEAN:
        return (row, at) -> row.getBoolean(at) ? 1 : 0;
      case TIMESTAMP:
        return (row, at) -> {
          TimestampData time = row.getTimestamp(at, MICROS);
          return time.getMillisecond() * 1_000_000 + time.getNanoOfMillisecond();
        };
      case DECIMAL:
        DecimalType decimal = (DecimalType) type;
        return (row, at) ->
            hash(row.getDecimal(at, decimal.precision(), decimal.scale()).toUnscaledBytes());
      default:
        throw new IllegalArgumentException("A key cannot hold " + type);
    }
  }

  private static long hash(byte[] bytes) {
    long hash = FNV_OFFSET;
    for (byte octet : bytes) {
      hash = (hash ^ (octet & 0xff)) * FNV_PRIME;
    }
    return hash ^ bytes.length;
  }

  /** Never zero. */
  long of(RowData row) {
    long hash = 0;
    for (int i = 0; i < positions.length; i++) {
      long value = row.isNullAt(positions[i]) ? 0 : values.get(i).applyAsLong(row, positions[i]);
      // The finaliser of MurmurHash3 after each column.
      hash = (hash * 31 + value) ^ (value >>> 32);
      hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
      hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
      hash ^= hash >>> 33;
    }
    return hash == 0 ? 1 : hash;
  }
}
