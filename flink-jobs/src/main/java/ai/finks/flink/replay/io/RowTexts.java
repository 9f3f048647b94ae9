package ai.finks.flink.replay.io;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.apache.flink.table.types.logical.RowType;
import org.apache.iceberg.Schema;
import org.apache.iceberg.flink.FlinkSchemaUtil;
import org.jspecify.annotations.Nullable;

/** The values of stored rows as texts, equal for equal values of a column. */
final class RowTexts {
  private final RowType type;
  private final List<RowData.FieldGetter> getters = new ArrayList<>();

  RowTexts(Schema schema) {
    this.type = FlinkSchemaUtil.convert(schema);
    for (int i = 0; i < type.getFieldCount(); i++) {
      getters.add(RowData.createFieldGetter(type.getTypeAt(i), i));
    }
  }

  /** Column to value; null for a column without one. */
  Map<String, @Nullable String> of(RowData row) {
    Map<String, @Nullable String> texts = new HashMap<>();
    for (int i = 0; i < getters.size(); i++) {
      texts.put(type.getFieldNames().get(i), text(i, getters.get(i).getFieldOrNull(row)));
    }
    return texts;
  }

  private @Nullable String text(int column, @Nullable Object value) {
    if (value == null) {
      return null;
    }
    if (type.getTypeAt(column).is(LogicalTypeRoot.DATE)) {
      return LocalDate.ofEpochDay((Integer) value).toString();
    }
    if (value instanceof TimestampData) {
      return ((TimestampData) value).toInstant().toString();
    }
    return value instanceof byte[] ? Arrays.toString((byte[]) value) : value.toString();
  }
}
