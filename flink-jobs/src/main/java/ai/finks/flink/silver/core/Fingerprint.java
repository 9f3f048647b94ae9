package ai.finks.flink.silver.core;

import ai.finks.schemas.contract.FieldType;
import ai.finks.schemas.value.Utf8Text;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A keyed hash of 128 bits of a row's source and of some of its columns as they are stored, so that
 * it can be made again from the table. Reused; not thread-safe.
 */
final class Fingerprint {
  private static final int SOURCE_ID = 0;

  private final SipHash hash;
  private final List<Column> columns;
  private final CanonicalForm form = new CanonicalForm();
  private String lastSource = "";
  private Utf8Text lastSourceText = Utf8Text.of("");
  private long high;
  private long low;

  Fingerprint(SipHash hash, List<Column> columns) {
    this.hash = hash;
    this.columns = new ArrayList<>(columns);
    this.columns.sort(Comparator.comparingInt(Column::id));
  }

  /** One that another thread may use. */
  Fingerprint copy() {
    return new Fingerprint(hash.copy(), columns);
  }

  List<Column> columns() {
    return columns;
  }

  Fingerprint of(String source, SilverRow row) {
    form.clear();
    if (!source.equals(lastSource)) {
      lastSource = source;
      lastSourceText = Utf8Text.of(source);
    }
    form.text(SOURCE_ID, lastSourceText);
    for (Column column : columns) {
      int index = column.index();
      FieldType type = column.type();
      if (type.isText()) {
        form.text(column.id(), required(row.utf8(index), column));
      } else if (type.isWide()) {
        form.wide(column.id(), required(row.wide(index), column));
      } else {
        form.number(column.id(), row.number(index), type.scale());
      }
    }
    hash.hash(form.bytes(), form.length());
    high = hash.high();
    low = hash.low();
    return this;
  }

  /** Takes a fingerprint that was made before. */
  Fingerprint set(long newHigh, long newLow) {
    high = newHigh;
    low = newLow;
    return this;
  }

  long high() {
    return high;
  }

  long low() {
    return low;
  }

  private static <T> T required(@Nullable T value, Column column) {
    if (value == null) {
      throw new IllegalStateException("the key column " + column.name() + " is null");
    }
    return value;
  }
}
