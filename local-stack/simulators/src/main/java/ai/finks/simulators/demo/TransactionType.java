package ai.finks.simulators.demo;

import java.util.Locale;

/** What a transaction does to a portfolio. */
public enum TransactionType {
  BUY,
  SELL,
  DIVIDEND,
  FEE,
  DEPOSIT,
  WITHDRAWAL,
  TRANSFER_IN,
  TRANSFER_OUT;

  /** The name in documents: lower case. */
  public String documentName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it moves shares at a price. */
  public boolean isTrade() {
    return this == BUY || this == SELL;
  }

  /** Whether it moves shares without cash. */
  public boolean isTransfer() {
    return this == TRANSFER_IN || this == TRANSFER_OUT;
  }
}
