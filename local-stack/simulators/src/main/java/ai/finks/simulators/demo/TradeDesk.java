package ai.finks.simulators.demo;

import java.time.Instant;
import java.util.List;

/** Buys, sells and transfers of shares between a client's portfolios. */
final class TradeDesk {
  private static final int WHOLE = 10_000;
  private static final long SMALLEST_BUY = 200_00;

  private final Market market;
  private final Ledger ledger;
  private final Corrections corrections;
  private final Dice dice;

  TradeDesk(Market market, Ledger ledger, Corrections corrections, Dice dice) {
    this.market = market;
    this.ledger = ledger;
    this.corrections = corrections;
    this.dice = dice;
  }

  /** One buy or sell, if the account can. */
  void trade(Account account, int day) {
    if (dice.chance(buyingPerThousand(account))) {
      buy(account, day);
    } else {
      sell(account, day);
    }
  }

  private static int buyingPerThousand(Account account) {
    if (account.held().isEmpty()) {
      return 1000;
    }
    long cash = account.floorCash();
    if (cash < account.contributed() / 40) {
      return 120;
    }
    return cash > account.contributed() / 4 ? 800 : 520;
  }

  private void buy(Account account, int day) {
    List<String> universe = account.habits().universe();
    String symbol = universe.get(dice.below(universe.size()));
    long budget =
        Math.min(
            dice.share(Math.max(account.contributed(), 10_000_00), 8, 45),
            account.floorCash() * 9 / 10);
    if (budget < SMALLEST_BUY || !market.trades(symbol, day)) {
      return;
    }
    int price = market.price(symbol, day, dice);
    long shares = inUnits(account, budget * 1_000_000 / price);
    if (shares > 0) {
      book(account, TransactionType.BUY, symbol, shares, price, day);
    }
  }

  private void sell(Account account, int day) {
    List<String> held = account.held();
    if (held.isEmpty()) {
      return;
    }
    String symbol = held.get(dice.below(held.size()));
    if (!market.trades(symbol, day)) {
      return;
    }
    long all = account.floorShares(symbol);
    long shares = dice.chance(300) ? all : inUnits(account, dice.share(all, 100, 700));
    int price = market.price(symbol, day, dice);
    if (shares > 0 && ClientTransaction.valueOf(shares, price) > SMALLEST_BUY / 4) {
      book(account, TransactionType.SELL, symbol, shares, price, day);
    }
  }

  private static long inUnits(Account account, long shares) {
    return account.habits().fractional() ? shares : shares / WHOLE * WHOLE;
  }

  private void book(
      Account account, TransactionType type, String symbol, long shares, int price, int day) {
    Instant at = account.next(day, true, dice);
    FeePlan plan = account.habits().feePlan();
    ClientTransaction original =
        ClientTransaction.draft(ledger.nextId(), account.portfolio(), type, at)
            .updatedAt(Ledger.writtenAfter(at, dice))
            .trade(
                symbol, shares, price, plan.feeOf(shares, ClientTransaction.valueOf(shares, price)))
            .build();
    ledger.book(account, corrections.of(original, plan));
  }

  /** Moves a position, or half of it, from one portfolio to another at one instant. */
  void transfer(Account from, Account to, int day) {
    List<String> held = from.held();
    if (held.isEmpty()) {
      return;
    }
    String symbol = held.get(dice.below(held.size()));
    long all = from.floorShares(symbol);
    long shares = dice.chance(500) ? all : all / 2 / WHOLE * WHOLE;
    if (shares == 0 || !market.trades(symbol, day)) {
      return;
    }
    to.waitUntil(from.clock());
    Instant at = to.next(day, true, dice);
    from.waitUntil(at);
    ledger.bookTransfer(
        from,
        leg(from, to, TransactionType.TRANSFER_OUT, at).transfer(symbol, shares).build(),
        to,
        leg(to, from, TransactionType.TRANSFER_IN, at).transfer(symbol, shares).build());
  }

  private ClientTransaction.Draft leg(Account of, Account other, TransactionType type, Instant at) {
    return ClientTransaction.draft(ledger.nextId(), of.portfolio(), type, at)
        .updatedAt(Ledger.writtenAfter(at, dice))
        .counterparty(other.portfolio());
  }
}
