package ai.finks.stack.trace;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.Set;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/** Rows as JSON: decimals as text, times ISO-8601 in UTC. */
final class RowJson {
  private static final Set<String> LEVELS = Set.of("year", "month", "day");

  private RowJson() {}

  /** The row's columns but lineage and the levels of its period. */
  static void putBusiness(ObjectNode node, Record row) {
    for (NestedField field : row.struct().fields()) {
      if (!field.name().startsWith("_") && !LEVELS.contains(field.name())) {
        put(node, field.name(), row.getField(field.name()));
      }
    }
  }

  static void put(ObjectNode node, String name, @Nullable Object value) {
    if (value == null) {
      node.putNull(name);
    } else if (value instanceof BigDecimal decimal) {
      node.put(name, decimal.toPlainString());
    } else if (value instanceof OffsetDateTime time) {
      node.put(name, time.toInstant().toString());
    } else if (value instanceof Long number) {
      node.put(name, number);
    } else if (value instanceof Integer number) {
      node.put(name, number);
    } else if (value instanceof Boolean flag) {
      node.put(name, flag);
    } else if (value instanceof Double number) {
      node.put(name, number);
    } else if (value instanceof ByteBuffer bytes) {
      ByteBuffer copy = bytes.duplicate();
      byte[] content = new byte[copy.remaining()];
      copy.get(content);
      node.put(name, HexFormat.of().formatHex(content));
    } else {
      node.put(name, value.toString());
    }
  }
}
