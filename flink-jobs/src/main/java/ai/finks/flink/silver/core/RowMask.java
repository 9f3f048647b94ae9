package ai.finks.flink.silver.core;

import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.contract.Field;
import ai.finks.schemas.contract.FieldType;
import ai.finks.schemas.contract.Masking;
import ai.finks.schemas.contract.Period;
import ai.finks.schemas.value.Utf8Text;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.nio.ByteOrder;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Copies values into a row, with personal data hidden on the way. */
final class RowMask {

  private static final VarHandle PAIRS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  /** Two hexadecimal digits for each value of a byte. */
  private static final short[] HEX = new short[256];

  static {
    for (int octet = 0; octet < HEX.length; octet++) {
      int high = Character.forDigit(octet >> 4, 16);
      int low = Character.forDigit(octet & 0xF, 16);
      HEX[octet] = (short) (low << Byte.SIZE | high);
    }
  }

  /** Puts one column's value into the row; called only when there is a value. */
  private interface Copy {
    void into(FieldValues values, SilverRow row);
  }

  private final Copy[] copies;
  private final int[] fields;
  private final int[] numbers;
  private final int[] texts;
  private final int[] fieldOfColumn;
  private final CanonicalForm form = new CanonicalForm();

  RowMask(Contract contract, List<Column> columns, PiiKeys keys) {
    this.fieldOfColumn = columns.stream().mapToInt(column -> column.field().index()).toArray();
    this.numbers = plainColumns(columns, type -> !type.isText() && !type.isWide());
    this.texts = plainColumns(columns, FieldType::isText);
    List<Copy> others = new ArrayList<>();
    List<Integer> fieldsOfOthers = new ArrayList<>();
    for (Column column : columns) {
      Masking masking = column.field().masking().orElse(null);
      if (masking != null || column.type().isWide()) {
        others.add(masking == null ? wide(column) : masked(contract, column, masking, keys));
        fieldsOfOthers.add(column.field().index());
      }
    }
    this.copies = others.toArray(new Copy[0]);
    this.fields = fieldsOfOthers.stream().mapToInt(Integer::intValue).toArray();
  }

  private static int[] plainColumns(List<Column> columns, Predicate<FieldType> wanted) {
    return columns.stream()
        .filter(column -> column.field().masking().isEmpty() && wanted.test(column.type()))
        .mapToInt(Column::index)
        .toArray();
  }

  /** Fills the row's columns. */
  void apply(FieldValues values, SilverRow row) {
    for (int column : numbers) {
      int field = fieldOfColumn[column];
      if (!values.isNull(field)) {
        row.setNumber(column, values.number(field));
      }
    }
    for (int column : texts) {
      int field = fieldOfColumn[column];
      if (!values.isNull(field)) {
        row.setText(column, values.utf8(field));
      }
    }
    for (int i = 0; i < copies.length; i++) {
      if (!values.isNull(fields[i])) {
        copies[i].into(values, row);
      }
    }
  }

  private static Copy wide(Column column) {
    int to = column.index();
    int from = column.field().index();
    return (values, row) -> row.setWide(to, values.wide(from));
  }

  private Copy masked(Contract contract, Column column, Masking masking, PiiKeys keys) {
    switch (masking.kind()) {
      case TOKENISE:
        Field field = column.field();
        KeyedHash hash = KeyedHash.of(keys.key(PiiKeys.nameFor(contract, field)));
        return (values, row) -> row.setText(column.index(), token(hash, field, values));
      case TRUNCATE:
        return truncate(column, masking.kept());
      case GENERALISE:
        return column.type().kind() == FieldType.Kind.DATE
            ? firstDay(column, masking.period())
            : step(column, masking.step());
      default:
        throw new IllegalArgumentException("a dropped field has no column: " + column);
    }
  }

  /** A token of 64 hexadecimal digits; equal values have equal tokens under one key. */
  private Utf8Text token(KeyedHash hash, Field field, FieldValues values) {
    form.clear();
    FieldType type = field.type();
    if (type.isText()) {
      form.plain(values.utf8(field.index()));
    } else if (type.isWide()) {
      form.wide(0, values.wide(field.index()));
    } else {
      form.number(0, values.number(field.index()), type.scale());
    }
    byte[] bytes = hash.hash(form.bytes(), form.length());
    byte[] text = new byte[2 * bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      PAIRS.set(text, 2 * i, HEX[bytes[i] & 0xFF]);
    }
    return Utf8Text.of(text);
  }

  /** Keeps the last characters; a text that is not longer than that keeps nothing. */
  private static Copy truncate(Column column, int kept) {
    int to = column.index();
    int from = column.field().index();
    return (values, row) -> {
      String text = values.text(from);
      int start = text.length() - kept;
      if (start > 0 && Character.isLowSurrogate(text.charAt(start))) {
        start++;
      }
      row.setText(to, start > 0 ? text.substring(start) : "");
    };
  }

  private static Copy firstDay(Column column, Period period) {
    int to = column.index();
    int from = column.field().index();
    return (values, row) -> {
      LocalDate day = LocalDate.ofEpochDay(values.number(from));
      LocalDate first = period == Period.YEAR ? day.withDayOfYear(1) : day.withDayOfMonth(1);
      row.setNumber(to, first.toEpochDay());
    };
  }

  private static Copy step(Column column, BigDecimal step) {
    int to = column.index();
    int from = column.field().index();
    long unscaledStep = step.setScale(column.type().scale()).unscaledValue().longValueExact();
    return (values, row) -> {
      long value = values.number(from);
      long rest = Math.floorMod(value, unscaledStep);
      // The least longs have no multiple below them.
      row.setNumber(to, value < Long.MIN_VALUE + rest ? Long.MIN_VALUE : value - rest);
    };
  }
}
