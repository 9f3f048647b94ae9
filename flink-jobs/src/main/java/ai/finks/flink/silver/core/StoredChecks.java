package ai.finks.flink.silver.core;

import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.contract.Field;
import ai.finks.schemas.value.Utf8Text;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A contract's refusing checks, asked of rows as they are stored. Checks that look at a field which
 * is masked cannot be asked any more and are left out. Reused from row to row, by one thread.
 */
public final class StoredChecks {
  private final RowChecks checks;
  private final FieldValues values;
  private final List<Column> columns;

  public StoredChecks(Contract contract) {
    int ownFields = contract.fields().size();
    this.checks =
        new RowChecks(
            contract, field -> field >= ownFields || isAsItCame(contract.fields().get(field)));
    List<Field> all = new ArrayList<>(contract.fields());
    all.addAll(contract.envelopeFields());
    this.values = new FieldValues(all);
    Set<Integer> looked = checks.fields().boxed().collect(Collectors.toSet());
    this.columns =
        Column.of(contract).stream()
            .filter(column -> looked.contains(column.field().index()))
            .collect(Collectors.toList());
  }

  private static boolean isAsItCame(Field field) {
    return field.isStored() && field.masking().isEmpty();
  }

  /** The columns whose values are to be set for each row. */
  public List<Column> columns() {
    return columns;
  }

  /** Forgets the row before. */
  public void clear() {
    values.clear();
  }

  /** Sets a value that is neither a text nor a decimal of more than 18 digits. */
  public void set(Column column, long number) {
    values.set(column.field().index(), number);
  }

  public void setText(Column column, byte[] utf8) {
    values.setText(column.field().index(), Utf8Text.of(utf8));
  }

  public void setWide(Column column, BigDecimal wide) {
    values.setWide(column.field().index(), wide);
  }

  /**
   * The name of the first check that the row does not fulfil; null if it fulfils all.
   *
   * @param ingestTimeMicros when the row was taken in
   */
  public @Nullable String failing(long ingestTimeMicros) {
    return checks.refusing(values, ingestTimeMicros);
  }
}
