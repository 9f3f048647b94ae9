package ai.finks.flink.silver.core;

import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.contract.Field;
import ai.finks.schemas.contract.FieldType;
import java.util.ArrayList;
import java.util.List;

/** A column that a contract gives to its Silver table, as it is stored: after masking. */
public final class Column {

  private final int index;
  private final Field field;

  private Column(int index, Field field) {
    this.index = index;
    this.field = field;
  }

  /** The columns of a contract in its order, without fields that masking drops. */
  public static List<Column> of(Contract contract) {
    List<Column> columns = new ArrayList<>();
    for (Field field : contract.fields()) {
      if (field.isStored()) {
        columns.add(new Column(columns.size(), field));
      }
    }
    return List.copyOf(columns);
  }

  /** Position in {@link SilverRow}, from 0. */
  public int index() {
    return index;
  }

  public String name() {
    return field.name();
  }

  /** The contract's field id, which is the table's column id. */
  public int id() {
    return field.id();
  }

  /** The type after masking. */
  public FieldType type() {
    return field.storedType();
  }

  public boolean required() {
    return field.required();
  }

  public String doc() {
    return field.doc();
  }

  /** The contract's field. */
  public Field field() {
    return field;
  }

  @Override
  public String toString() {
    return name() + " " + type() + (required() ? "" : "?");
  }
}
