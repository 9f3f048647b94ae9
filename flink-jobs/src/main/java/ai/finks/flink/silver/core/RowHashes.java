package ai.finks.flink.silver.core;

import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.contract.Field;
import ai.finks.schemas.contract.FieldType;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keyed 128-bit hashes of a row: of its content before masking, and of its source and key as
 * they are stored, so that a fingerprint can be made from the table too.
 */
final class RowHashes {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final int SOURCE_ID = 0;

  private final KeyedHash contentHash;
  private final KeyedHash fingerprint;
  private final List<Field> content;
  private final List<Column> key;
  private final CanonicalForm form = new CanonicalForm();

  RowHashes(Contract contract, List<Column> columns, PiiKeys keys) {
    this.contentHash = KeyedHash.of(keys.key(PiiKeys.CONTENT_HASH));
    this.fingerprint = contentHash.derived("finks key fingerprint");
    this.content = new ArrayList<>(contract.fields());
    this.content.sort(Comparator.comparingInt(Field::id));
    this.key = new ArrayList<>();
    for (Column column : columns) {
      if (contract.key().contains(column.field())) {
        key.add(column);
      }
    }
    this.key.sort(Comparator.comparingInt(Column::id));
  }

  /** Sets the row's content hash from the values before masking. */
  void hashContent(FieldValues values, SilverRow row) {
    form.clear();
    for (Field field : content) {
      int index = field.index();
      if (!values.isNull(index)) {
        FieldType type = field.type();
        if (type.isText()) {
          form.text(field.id(), values.text(index));
        } else if (type.isWide()) {
          form.wide(field.id(), values.wide(index));
        } else {
          form.number(field.id(), values.number(index), type.scale());
        }
      }
    }
    byte[] hash = contentHash.hash(form.bytes(), form.length());
    row.setHash((long) LONGS.get(hash, 0), (long) LONGS.get(hash, 8));
  }

  /** Sets the row's key fingerprint from a source and the row's key columns. */
  void fingerprint(String source, SilverRow row) {
    form.clear();
    form.text(SOURCE_ID, source);
    for (Column column : key) {
      int index = column.index();
      FieldType type = column.type();
      if (type.isText()) {
        form.text(column.id(), required(row.text(index), column));
      } else if (type.isWide()) {
        form.wide(column.id(), required(row.wide(index), column));
      } else {
        form.number(column.id(), row.number(index), type.scale());
      }
    }
    byte[] hash = fingerprint.hash(form.bytes(), form.length());
    row.setKey((long) LONGS.get(hash, 0), (long) LONGS.get(hash, 8));
  }

  private static <T> T required(@Nullable T value, Column column) {
    if (value == null) {
      throw new IllegalStateException("the key column " + column.name() + " is null");
    }
    return value;
  }
}
