package ai.finks.simulators.demo;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Takes what was agreed into the history: one list of versions per transaction. */
final class Ledger {
  private final List<List<ClientTransaction>> histories = new ArrayList<>(60_000);
  private int lastId;

  String nextId() {
    return "TX" + (10_000_000 + ++lastId);
  }

  /** Books the versions, or the first one alone, or nothing: what the account can bear. */
  boolean book(Account account, List<ClientTransaction> versions) {
    if (account.allows(versions)) {
      enter(account, versions);
      return true;
    }
    return versions.size() > 1 && book(account, versions.subList(0, 1));
  }

  boolean book(Account account, ClientTransaction transaction) {
    return book(account, List.of(transaction));
  }

  /** Both legs of a transfer or none. */
  void bookTransfer(Account from, ClientTransaction out, Account to, ClientTransaction in) {
    if (book(from, out)) {
      enter(to, List.of(in));
    }
  }

  private void enter(Account account, List<ClientTransaction> versions) {
    account.apply(versions);
    histories.add(List.copyOf(versions));
  }

  List<List<ClientTransaction>> histories() {
    return histories;
  }

  /** When a system writes what was executed at an instant: a little later, to the millisecond. */
  static Instant writtenAfter(Instant executedAt, Dice dice) {
    return executedAt.plusMillis(dice.between(400, 90_000));
  }
}
