package ai.finks.flink.silver.parquet;

import org.apache.flink.table.data.RowData;

/** A row whose columns of numbers can be read without an object for each value. */
public interface NumericRow extends RowData {
  /**
   * A column that is an integer, a date, a timestamp or a decimal of at most 18 digits, and not
   * null: integers as they are, dates as days and timestamps as microseconds since 1970, decimals
   * unscaled.
   */
  long number(int column);
}
