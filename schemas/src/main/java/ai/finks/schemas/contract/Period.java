package ai.finks.schemas.contract;

/**
 * How long a table's partitions are: the levels of year, month, day that a table is laid out by.
 */
public enum Period {
  DAY(3),
  MONTH(2),
  YEAR(1);

  private final int levels;

  Period(int levels) {
    this.levels = levels;
  }

  /** How many of the columns year, month, day the partitions have. */
  public int levels() {
    return levels;
  }
}
