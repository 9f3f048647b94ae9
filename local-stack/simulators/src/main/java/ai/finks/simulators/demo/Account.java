package ai.finks.simulators.demo;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A portfolio while its history is generated.
 *
 * <p>The floor of cash and of each position counts every transaction by its least favourable
 * version. What stays at or above zero by the floor does so whichever corrections are applied.
 */
final class Account {
  private static final LocalTime OPENING = LocalTime.of(9, 30);
  private static final LocalTime NOON = LocalTime.NOON;
  private static final int LONGEST_PAUSE_SECONDS = 14 * 60;

  private final DemoPortfolio portfolio;
  private final Habits habits;
  private final NavigableMap<String, Long> floorShares = new TreeMap<>();
  private final NavigableMap<String, Long> correctedShares = new TreeMap<>();
  private long floorCash;
  private long contributed;
  private Instant clock = Instant.EPOCH;

  /**
   * How an account is used.
   *
   * @param opens epoch day of the first deposit
   * @param tradesPerThousandDays on average
   * @param fractional whether it trades parts of a share
   * @param monthlySaving cents deposited each month, 0 for none
   * @param savingDay day of the month of that deposit, whether it trades or not
   * @param universe symbols that it trades
   */
  record Habits(
      int opens,
      int tradesPerThousandDays,
      boolean fractional,
      long monthlySaving,
      int savingDay,
      FeePlan feePlan,
      List<String> universe) {}

  Account(DemoPortfolio portfolio, Habits habits) {
    this.portfolio = portfolio;
    this.habits = habits;
  }

  DemoPortfolio portfolio() {
    return portfolio;
  }

  Habits habits() {
    return habits;
  }

  /** The next instant of activity on a day; later than every one before. */
  Instant next(int day, boolean open, Dice dice) {
    Instant begin =
        LocalDate.ofEpochDay(day)
            .atTime(open ? OPENING : NOON)
            .atZone(ClientTransaction.NEW_YORK)
            .toInstant();
    Instant from = clock.isBefore(begin) ? begin : clock;
    clock = from.plusSeconds(dice.between(5, LONGEST_PAUSE_SECONDS));
    return clock;
  }

  void waitUntil(Instant instant) {
    if (clock.isBefore(instant)) {
      clock = instant;
    }
  }

  Instant clock() {
    return clock;
  }

  long floorCash() {
    return floorCash;
  }

  /** Deposits less withdrawals so far: the scale of its trades. */
  long contributed() {
    return contributed;
  }

  long floorShares(String symbol) {
    return floorShares.getOrDefault(symbol, 0L);
  }

  /** Symbols whose floor is above zero. */
  List<String> held() {
    return new ArrayList<>(floorShares.keySet());
  }

  /** Positions as they are with every correction, in symbol order. */
  NavigableMap<String, Long> correctedShares() {
    return correctedShares;
  }

  /** Whether cash and position stay at or above zero whichever version counts. */
  boolean allows(List<ClientTransaction> versions) {
    String symbol = versions.get(0).symbol();
    return floorCash + leastCash(versions) >= 0
        && (symbol == null || floorShares(symbol) + leastShares(versions) >= 0);
  }

  void apply(List<ClientTransaction> versions) {
    ClientTransaction last = versions.get(versions.size() - 1);
    floorCash += leastCash(versions);
    if (last.type() == TransactionType.DEPOSIT || last.type() == TransactionType.WITHDRAWAL) {
      contributed += last.cashEffect();
    }
    String symbol = last.symbol();
    if (symbol != null) {
      add(floorShares, symbol, leastShares(versions));
      add(correctedShares, symbol, last.shareEffect());
    }
  }

  private static void add(NavigableMap<String, Long> shares, String symbol, long more) {
    shares.merge(symbol, more, Long::sum);
    shares.remove(symbol, 0L);
  }

  private static long leastCash(List<ClientTransaction> versions) {
    return versions.stream().mapToLong(ClientTransaction::cashEffect).min().orElseThrow();
  }

  private static long leastShares(List<ClientTransaction> versions) {
    return versions.stream().mapToLong(ClientTransaction::shareEffect).min().orElseThrow();
  }
}
