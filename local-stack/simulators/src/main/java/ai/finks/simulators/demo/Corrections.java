package ai.finks.simulators.demo;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Makes some transactions wrong at first: adds the later versions that put them right. */
final class Corrections {
  private static final int TRADES_PER_THOUSAND = 22;
  private static final int CASH_PER_THOUSAND = 12;
  private static final int TWICE_PER_THOUSAND = 120;
  private static final int FASTEST_SECONDS = 3_600;
  private static final int SLOWEST_SECONDS = 15 * 24 * 3_600;

  private final Market market;
  private final Dice dice;

  Corrections(Market market, Dice dice) {
    this.market = market;
    this.dice = dice;
  }

  /** The transaction and, for a few, one or two later versions of it. */
  List<ClientTransaction> of(ClientTransaction original, FeePlan feePlan) {
    int share = original.type().isTrade() ? TRADES_PER_THOUSAND : CASH_PER_THOUSAND;
    List<ClientTransaction> versions = new ArrayList<>();
    versions.add(original);
    while (dice.chance(share)) {
      ClientTransaction before = versions.get(versions.size() - 1);
      if (before.cancelled() || versions.size() > 2) {
        break;
      }
      versions.add(original.type().isTrade() ? trade(before, feePlan) : amount(before));
      share = TWICE_PER_THOUSAND;
    }
    return versions;
  }

  private Instant later(ClientTransaction before) {
    return before
        .updatedAt()
        .plusSeconds(dice.between(FASTEST_SECONDS, SLOWEST_SECONDS))
        .plusMillis(dice.below(1000));
  }

  private ClientTransaction trade(ClientTransaction before, FeePlan feePlan) {
    Instant at = later(before);
    String symbol = String.valueOf(before.symbol());
    long shares = Math.abs(before.quantity());
    int kind = dice.below(100);
    if (kind < 30) {
      return before.corrected(at, "generated: cancelled").cancel().build();
    }
    if (kind < 65) {
      long unit = shares % 10_000 == 0 ? 10_000 : 1;
      long changed = Math.max(unit, dice.share(shares, 500, 1500) / unit * unit);
      long other = changed == shares ? shares + unit : changed;
      return before
          .corrected(at, "generated: quantity corrected")
          .trade(symbol, other, before.price(), feeOf(other, before.price(), feePlan))
          .build();
    }
    if (kind < 90) {
      int price = market.price(symbol, (int) before.tradeDate().toEpochDay(), dice);
      return before
          .corrected(at, "generated: price corrected")
          .trade(symbol, shares, price, feeOf(shares, price, feePlan))
          .build();
    }
    return before
        .corrected(at, "generated: fee waived")
        .trade(symbol, shares, before.price(), 0)
        .build();
  }

  private static long feeOf(long shares, int price, FeePlan feePlan) {
    return feePlan.feeOf(shares, ClientTransaction.valueOf(shares, price));
  }

  private ClientTransaction amount(ClientTransaction before) {
    Instant at = later(before);
    if (before.type() == TransactionType.FEE && dice.chance(500)) {
      return before.corrected(at, "generated: fee refunded").cancel().build();
    }
    long changed = Math.max(1, dice.share(before.gross(), 850, 1150));
    return before.corrected(at, "generated: amount corrected").cash(changed).build();
  }
}
