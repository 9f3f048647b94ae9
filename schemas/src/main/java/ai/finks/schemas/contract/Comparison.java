package ai.finks.schemas.contract;

/** How two values are compared. */
public enum Comparison {
  EQUAL("="),
  NOT_EQUAL("!="),
  LESS("<"),
  LESS_OR_EQUAL("<="),
  GREATER(">"),
  GREATER_OR_EQUAL(">=");

  private final String symbol;

  Comparison(String symbol) {
    this.symbol = symbol;
  }

  public String symbol() {
    return symbol;
  }

  /** Whether the comparison holds, given the sign of left minus right. */
  public boolean holds(int sign) {
    switch (this) {
      case EQUAL:
        return sign == 0;
      case NOT_EQUAL:
        return sign != 0;
      case LESS:
        return sign < 0;
      case LESS_OR_EQUAL:
        return sign <= 0;
      case GREATER:
        return sign > 0;
      case GREATER_OR_EQUAL:
        return sign >= 0;
    }
    throw new AssertionError(this);
  }
}
