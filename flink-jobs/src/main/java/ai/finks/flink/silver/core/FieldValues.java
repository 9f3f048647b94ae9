package ai.finks.flink.silver.core;

import ai.finks.schemas.contract.Field;
import ai.finks.schemas.contract.FieldType;
import ai.finks.schemas.value.Cell;
import ai.finks.schemas.value.Utf8Text;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The converted values of one record before masking, by the fields' positions in the contract.
 * Reused from record to record.
 */
final class FieldValues {

  private final boolean[] wideTypes;
  private final boolean[] textTypes;
  private final boolean[] nulls;
  private final boolean[] broken;
  private final long[] numbers;
  private final @Nullable Utf8Text[] texts;
  private final @Nullable BigDecimal[] wides;
  private boolean anyBroken;

  FieldValues(List<Field> fields) {
    int count = fields.size();
    this.wideTypes = new boolean[count];
    this.textTypes = new boolean[count];
    for (Field field : fields) {
      wideTypes[field.index()] = field.type().isWide();
      textTypes[field.index()] = field.type().isText();
    }
    this.nulls = new boolean[count];
    this.broken = new boolean[count];
    this.numbers = new long[count];
    this.texts = new Utf8Text[count];
    this.wides = new BigDecimal[count];
    clear();
  }

  void clear() {
    Arrays.fill(nulls, true);
    if (anyBroken) {
      Arrays.fill(broken, false);
      anyBroken = false;
    }
  }

  void set(int field, Cell cell) {
    nulls[field] = cell.isNull();
    if (textTypes[field]) {
      texts[field] = cell.text();
    } else if (wideTypes[field]) {
      wides[field] = cell.wide();
    } else {
      numbers[field] = cell.number();
    }
  }

  /** Sets a value that is neither a text nor wide. */
  void set(int field, long number) {
    nulls[field] = false;
    numbers[field] = number;
  }

  void setText(int field, Utf8Text text) {
    nulls[field] = false;
    texts[field] = text;
  }

  void setWide(int field, BigDecimal wide) {
    nulls[field] = false;
    wides[field] = wide;
  }

  /** Marks a field whose value could not be converted: nothing may be concluded from it. */
  void setBroken(int field) {
    nulls[field] = true;
    broken[field] = true;
    anyBroken = true;
  }

  boolean anyBroken() {
    return anyBroken;
  }

  boolean isBroken(int field) {
    return broken[field];
  }

  boolean isNull(int field) {
    return nulls[field];
  }

  long number(int field) {
    return numbers[field];
  }

  /** The text of a field that is a text and not null, as a string. */
  String text(int field) {
    return utf8(field).toString();
  }

  /** The text of a field that is a text and not null. */
  Utf8Text utf8(int field) {
    Utf8Text text = texts[field];
    if (text == null) {
      throw new IllegalStateException("field " + field + " holds no text");
    }
    return text;
  }

  /** The decimal of a field that is a wide decimal and not null. */
  BigDecimal wide(int field) {
    BigDecimal wide = wides[field];
    if (wide == null) {
      throw new IllegalStateException("field " + field + " holds no wide decimal");
    }
    return wide;
  }

  /** A numeric field that is not null, as an exact decimal. */
  BigDecimal decimal(Field field) {
    FieldType type = field.type();
    return type.isWide()
        ? wide(field.index())
        : BigDecimal.valueOf(number(field.index()), type.scale());
  }
}
