package ai.finks.flink.silver.core;

import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.contract.Field;
import ai.finks.schemas.contract.FieldType;
import ai.finks.schemas.contract.Masking;
import ai.finks.schemas.contract.Period;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;

/** Copies values into a row, with personal data hidden on the way. */
final class RowMask {

  private static final char[] HEX = "0123456789abcdef".toCharArray();

  /** Puts one column's value into the row; called only when there is a value. */
  private interface Copy {
    void into(FieldValues values, SilverRow row);
  }

  private final Copy[] copies;
  private final int[] fields;
  private final CanonicalForm form = new CanonicalForm();

  RowMask(Contract contract, List<Column> columns, PiiKeys keys) {
    this.copies = new Copy[columns.size()];
    this.fields = new int[columns.size()];
    for (Column column : columns) {
      Field field = column.field();
      fields[column.index()] = field.index();
      copies[column.index()] =
          field
              .masking()
              .map(masking -> masked(contract, column, masking, keys))
              .orElseGet(() -> plain(column));
    }
  }

  /** Fills the row's columns. */
  void apply(FieldValues values, SilverRow row) {
    for (int i = 0; i < copies.length; i++) {
      if (!values.isNull(fields[i])) {
        copies[i].into(values, row);
      }
    }
  }

  private static Copy plain(Column column) {
    int to = column.index();
    int from = column.field().index();
    if (column.type().isText()) {
      return (values, row) -> row.setText(to, values.text(from));
    }
    if (column.type().isWide()) {
      return (values, row) -> row.setWide(to, values.wide(from));
    }
    return (values, row) -> row.setNumber(to, values.number(from));
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
  private String token(KeyedHash hash, Field field, FieldValues values) {
    form.clear();
    FieldType type = field.type();
    if (type.isText()) {
      form.plain(values.text(field.index()));
    } else if (type.isWide()) {
      form.wide(0, values.wide(field.index()));
    } else {
      form.number(0, values.number(field.index()), type.scale());
    }
    byte[] bytes = hash.hash(form.bytes(), form.length());
    char[] text = new char[2 * bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      text[2 * i] = HEX[(bytes[i] >> 4) & 0xF];
      text[2 * i + 1] = HEX[bytes[i] & 0xF];
    }
    return new String(text);
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
