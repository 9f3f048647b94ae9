package ai.finks.flink.silver.parquet;

import ai.finks.schemas.value.Utf8Text;
import org.apache.flink.table.data.RowData;

/** A row whose numbers and texts can be read without an object for each value. */
public interface DirectRow extends RowData {
  /**
   * A column that is an integer, a date, a timestamp or a decimal of at most 18 digits, and not
   * null: integers as they are, dates as days and timestamps as microseconds since 1970, decimals
   * unscaled.
   */
  long number(int column);

  /**
   * A column that is a string and not null; the same object where the text is the same, if easy.
   */
  Utf8Text text(int column);

  /** Whether a column seldom changes from row to row; the same answer for all rows of a table. */
  boolean isSteady(int column);

  /**
   * Stands for the values of all {@linkplain #isSteady steady} columns: as long as they are those
   * of the row before, it is the very same object.
   */
  Object steadyValues();

  /** The upper half of a column that is 16 bytes and not null, the first byte highest. */
  long high(int column);

  /** The lower half of a column that is 16 bytes and not null, the first byte highest. */
  long low(int column);
}
