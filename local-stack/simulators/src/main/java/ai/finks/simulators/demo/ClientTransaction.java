package ai.finks.simulators.demo;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * One version of a generated transaction; a correction is another one of the same id.
 *
 * <p>Quantities and prices are whole ten-thousandths, amounts whole cents. Signs: quantity is what
 * the position gains, {@code net} what the cash gains, {@code gross} and {@code fee} are never
 * negative.
 *
 * @param symbol null where the transaction concerns cash only
 * @param quantity 0 where no shares move
 * @param price 0 where there is none
 * @param gross {@link #NO_AMOUNT} where there is none
 * @param executedAt whole seconds
 * @param updatedAt when this version was written
 * @param counterparty the other portfolio of a transfer
 */
public record ClientTransaction(
    String id,
    DemoPortfolio portfolio,
    TransactionType type,
    boolean cancelled,
    @Nullable String symbol,
    long quantity,
    int price,
    long gross,
    long fee,
    long net,
    Instant executedAt,
    Instant updatedAt,
    @Nullable DemoPortfolio counterparty,
    @Nullable String note) {

  /** Stands for an amount that a transaction does not have. */
  public static final long NO_AMOUNT = -1;

  /** Decimal places of quantities and prices. */
  public static final int QUANTITY_SCALE = 4;

  /** Decimal places of amounts. */
  public static final int AMOUNT_SCALE = 2;

  static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

  /** The day in New York. */
  public LocalDate tradeDate() {
    return executedAt.atZone(NEW_YORK).toLocalDate();
  }

  /** Cents that the portfolio's cash gains. */
  public long cashEffect() {
    return cancelled ? 0 : net;
  }

  /** Ten-thousandths of a share that the position gains. */
  public long shareEffect() {
    return cancelled ? 0 : quantity;
  }

  /** The value of shares at a price, in cents, halves rounded up. */
  static long valueOf(long quantity, long price) {
    return (Math.multiplyExact(Math.abs(quantity), price) + 500_000) / 1_000_000;
  }

  static BigDecimal shares(long tenThousandths) {
    BigDecimal stripped = BigDecimal.valueOf(tenThousandths, QUANTITY_SCALE).stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }

  static BigDecimal amount(long cents) {
    return BigDecimal.valueOf(cents, AMOUNT_SCALE);
  }

  static Draft draft(String id, DemoPortfolio portfolio, TransactionType type, Instant at) {
    return new Draft(id, portfolio, type, at);
  }

  /** This one as the start of a correction that is written at the given time. */
  Draft corrected(Instant at, String note) {
    Draft draft = new Draft(id, portfolio, type, executedAt);
    draft.symbol = symbol;
    draft.quantity = quantity;
    draft.price = price;
    draft.gross = gross;
    draft.fee = fee;
    draft.net = net;
    draft.counterparty = counterparty;
    return draft.updatedAt(at).note(note);
  }

  /** A transaction in the making. */
  static final class Draft {
    private final String id;
    private final DemoPortfolio portfolio;
    private final TransactionType type;
    private final Instant executedAt;
    private Instant updatedAt;
    private boolean cancelled;
    private @Nullable String symbol;
    private long quantity;
    private int price;
    private long gross = NO_AMOUNT;
    private long fee;
    private long net;
    private @Nullable DemoPortfolio counterparty;
    private @Nullable String note;

    private Draft(String id, DemoPortfolio portfolio, TransactionType type, Instant executedAt) {
      this.id = id;
      this.portfolio = portfolio;
      this.type = type;
      this.executedAt = executedAt;
      this.updatedAt = executedAt;
    }

    Draft updatedAt(Instant at) {
      updatedAt = at;
      return this;
    }

    Draft cancel() {
      cancelled = true;
      return this;
    }

    Draft note(@Nullable String text) {
      note = text;
      return this;
    }

    Draft counterparty(DemoPortfolio other) {
      counterparty = other;
      return this;
    }

    /** A buy or a sell of so many shares (unsigned); gross and net follow. */
    Draft trade(String ofSymbol, long shares, int atPrice, long withFee) {
      symbol = ofSymbol;
      price = atPrice;
      gross = valueOf(shares, atPrice);
      fee = withFee;
      quantity = type == TransactionType.BUY ? shares : -shares;
      net = type == TransactionType.BUY ? -gross - fee : gross - fee;
      return this;
    }

    /** Shares (unsigned) that move without cash. */
    Draft transfer(String ofSymbol, long shares) {
      symbol = ofSymbol;
      quantity = type == TransactionType.TRANSFER_IN ? shares : -shares;
      return this;
    }

    Draft dividend(String ofSymbol, long cents) {
      symbol = ofSymbol;
      return cash(cents);
    }

    /** An amount (unsigned) that comes or goes by the type. */
    Draft cash(long cents) {
      gross = cents;
      boolean goes = type == TransactionType.WITHDRAWAL || type == TransactionType.FEE;
      net = goes ? -cents : cents;
      return this;
    }

    ClientTransaction build() {
      return new ClientTransaction(
          id,
          portfolio,
          type,
          cancelled,
          symbol,
          quantity,
          price,
          gross,
          fee,
          net,
          executedAt,
          updatedAt,
          counterparty,
          note);
    }
  }
}
