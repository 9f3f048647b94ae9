package ai.finks.simulators.demo;

import java.util.ArrayList;
import java.util.List;

/**
 * Generates the transactions of all portfolios, day by day, from a fixed seed.
 *
 * <p>The order of the throws is part of the result: a change anywhere changes everything after it,
 * and the pinned checksum of the export with it.
 */
final class PortfolioHistory {
  private static final int TRANSFERS_PER_THOUSAND_DAYS = 25;
  private static final int LATEST_OPENING_DAYS = 120;

  private final Market market;
  private final Dice dice;
  private final Ledger ledger = new Ledger();
  private final CashDesk cash;
  private final TradeDesk trades;

  PortfolioHistory(DemoBars bars, long seed) {
    this.market = new Market(bars);
    this.dice = new Dice(seed);
    Corrections corrections = new Corrections(market, dice);
    this.cash = new CashDesk(market, ledger, corrections, dice);
    this.trades = new TradeDesk(market, ledger, corrections, dice);
  }

  /** One list of versions, oldest first, per transaction. */
  List<List<ClientTransaction>> generate() {
    List<Account> accounts = accounts();
    for (int day = market.firstDay(); day <= market.lastDay(); day++) {
      for (int i = 0; i < accounts.size(); i++) {
        Account account = accounts.get(i);
        live(account, day);
        boolean transfers = market.isOpen(day) && dice.chance(TRANSFERS_PER_THOUSAND_DAYS);
        // Portfolios of one client are neighbours: 0 and 1, 2 and 3, …
        Account other = accounts.get(i ^ 1);
        if (transfers && account.habits().opens() <= day && other.habits().opens() < day) {
          trades.transfer(account, other, day);
        }
      }
    }
    return ledger.histories();
  }

  private void live(Account account, int day) {
    Account.Habits habits = account.habits();
    if (day < habits.opens()) {
      return;
    }
    if (day == habits.opens()) {
      cash.open(account, day);
    } else {
      cash.flows(account, day);
    }
    if (!market.isOpen(day)) {
      return;
    }
    cash.dividends(account, day);
    int count = habits.tradesPerThousandDays() / 1000;
    count += dice.chance(habits.tradesPerThousandDays() % 1000) ? 1 : 0;
    for (int i = 0; i < count; i++) {
      trades.trade(account, day);
    }
    if (market.isLastOfMonth(day)) {
      cash.custodyFee(account, day);
    }
  }

  private List<Account> accounts() {
    List<Account> accounts = new ArrayList<>();
    for (DemoPortfolio portfolio : DemoPortfolio.all(dice)) {
      accounts.add(new Account(portfolio, habits(accounts.size())));
    }
    return accounts;
  }

  private Account.Habits habits(int number) {
    List<String> deck = new ArrayList<>(market.symbols());
    int size = dice.between(25, 70);
    for (int i = 0; i < size; i++) {
      int other = i + dice.below(deck.size() - i);
      String drawn = deck.get(other);
      deck.set(other, deck.get(i));
      deck.set(i, drawn);
    }
    // The first client is there from the first day, so that the whole history has a portfolio.
    int opens = market.firstDay() + (number < 2 ? 0 : dice.below(LATEST_OPENING_DAYS));
    FeePlan[] plans = FeePlan.values();
    return new Account.Habits(
        opens,
        dice.between(1_400, 2_900),
        dice.chance(300),
        dice.chance(600) ? dice.between(2, 40) * 100_00L : 0,
        dice.between(1, 28),
        plans[number / 2 % plans.length],
        List.copyOf(deck.subList(0, size)));
  }
}
