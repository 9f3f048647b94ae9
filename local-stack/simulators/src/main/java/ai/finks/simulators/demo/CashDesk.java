package ai.finks.simulators.demo;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.TreeMap;

/** Deposits, withdrawals, dividends and fees. */
final class CashDesk {
  private static final int PAYERS_PER_HUNDRED = 72;
  private static final int QUARTER_TRADING_DAYS = 63;
  private static final int WITHDRAWALS_PER_THOUSAND_DAYS = 9;
  private static final int EXTRA_DEPOSITS_PER_THOUSAND_DAYS = 4;
  private static final long SMALLEST_WITHDRAWAL_FROM = 2_000_00;
  private static final long TEN_DOLLARS = 10_00;

  private final Market market;
  private final Ledger ledger;
  private final Corrections corrections;
  private final Dice dice;

  CashDesk(Market market, Ledger ledger, Corrections corrections, Dice dice) {
    this.market = market;
    this.ledger = ledger;
    this.corrections = corrections;
    this.dice = dice;
  }

  /** The deposit with which an account begins; it is never corrected. */
  void open(Account account, int day) {
    long cents = dice.between(60, 900) * 1_000_00L;
    ClientTransaction.Draft draft = draft(account, TransactionType.DEPOSIT, day);
    ledger.book(account, draft.cash(cents).note("generated: opening deposit").build());
  }

  /** Money that comes or goes on any day, trading or not. */
  void flows(Account account, int day) {
    Account.Habits habits = account.habits();
    if (habits.monthlySaving() > 0
        && LocalDate.ofEpochDay(day).getDayOfMonth() == habits.savingDay()) {
      book(account, draft(account, TransactionType.DEPOSIT, day).cash(habits.monthlySaving()));
    }
    if (dice.chance(EXTRA_DEPOSITS_PER_THOUSAND_DAYS)) {
      long cents = dice.between(5, 250) * 100_00L;
      book(account, draft(account, TransactionType.DEPOSIT, day).cash(cents));
    }
    if (dice.chance(WITHDRAWALS_PER_THOUSAND_DAYS)
        && account.floorCash() > SMALLEST_WITHDRAWAL_FROM) {
      long cents = dice.share(account.floorCash(), 50, 400) / TEN_DOLLARS * TEN_DOLLARS;
      book(account, draft(account, TransactionType.WITHDRAWAL, day).cash(cents));
    }
  }

  /** A dividend for each position whose symbol pays on that day. */
  void dividends(Account account, int day) {
    int ordinal = market.ordinal(day);
    // A copy, since booking writes to the positions.
    for (Map.Entry<String, Long> position : new TreeMap<>(account.correctedShares()).entrySet()) {
      String symbol = position.getKey();
      boolean pays =
          Dice.hash(symbol, 1, 100) < PAYERS_PER_HUNDRED
              && ordinal % QUARTER_TRADING_DAYS == Dice.hash(symbol, 2, QUARTER_TRADING_DAYS);
      if (!pays) {
        continue;
      }
      long perThousand = 2 + Dice.hash(symbol, 3, 7);
      long perShare = market.lastClose(symbol, day) * perThousand / 1000;
      long cents = ClientTransaction.valueOf(position.getValue(), perShare);
      if (cents > 0) {
        book(account, draft(account, TransactionType.DIVIDEND, day).dividend(symbol, cents));
      }
    }
  }

  /** The monthly custody fee: 0.2 % of the value a year, at least 5.00. */
  void custodyFee(Account account, int day) {
    long value = account.floorCash();
    for (Map.Entry<String, Long> position : account.correctedShares().entrySet()) {
      value +=
          ClientTransaction.valueOf(position.getValue(), market.lastClose(position.getKey(), day));
    }
    long cents = Math.max(5_00, value / 6_000);
    book(account, draft(account, TransactionType.FEE, day).cash(cents));
  }

  private ClientTransaction.Draft draft(Account account, TransactionType type, int day) {
    Instant at = account.next(day, market.isOpen(day), dice);
    return ClientTransaction.draft(ledger.nextId(), account.portfolio(), type, at)
        .updatedAt(Ledger.writtenAfter(at, dice));
  }

  private void book(Account account, ClientTransaction.Draft draft) {
    ledger.book(account, corrections.of(draft.build(), account.habits().feePlan()));
  }
}
