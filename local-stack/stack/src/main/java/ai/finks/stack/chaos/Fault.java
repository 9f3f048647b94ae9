package ai.finks.stack.chaos;

import ai.finks.stack.chaos.store.StoreFaults.Mode;
import ai.finks.stack.chaos.store.StoreFaults.Operation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Something that befalls the platform.
 *
 * @param kind what
 * @param detail where or how; what it means depends on the kind
 * @param nth at which pass or how often
 * @param restart what the jobs go on from, where the fault ends them
 */
record Fault(Kind kind, String detail, int nth, Restart restart) {
  /** Kinds of faults. */
  enum Kind {
    /** Signal 9 at the fault point {@code detail}, when it is passed for the nth time. */
    KILL_AT,
    /** An exception there. */
    FAIL_AT,
    /** Signal 9 while records are under way, with {@code nth} tenths of a second of luck. */
    KILL,
    /** The broker is stopped and started. */
    BROKER_RESTART,
    /** The broker starts on a log that was never closed and ends in half a batch. */
    BROKER_CRASH,
    /** The store does {@code detail}, {@code MODE OPERATION}, that many times. */
    STORE,
    /** The store takes no byte until it has refused some. */
    DISK_FULL,
    /** Others commit to the jobs' tables in between. */
    CATALOG_CONFLICT,
    /** Somebody holds the catalog's lock; longer than anybody waits if {@code detail} says so. */
    CATALOG_LOCK,
    /** The clock jumps by {@code detail} seconds. */
    CLOCK_STEP,
    /** A second submission takes over while the first one works. */
    TAKE_OVER,
    /** Past periods are sealed beside the jobs; killed at {@code detail}, and sealed again. */
    SEAL,
    /** Sealed months are replayed beside the jobs; killed at {@code detail}, and resumed. */
    REPLAY
  }

  /** What jobs go on from when they are started again. */
  enum Restart {
    /** Flink's state is deleted; the tables say where they stand. */
    TABLES,
    /** The newest checkpoint that the killed jobs left. */
    NEWEST_CHECKPOINT,
    /** The oldest one that is still there. */
    OLDEST_CHECKPOINT
  }

  static final String BEYOND_PATIENCE = "beyond patience";

  private static final List<String> POINTS =
      List.of(
          "silver.writer.before-files-close",
          "silver.commit.before",
          "silver.commit.table-done",
          "silver.commit.after",
          "table.commit.before",
          "table.commit.answer-lost",
          "bronze.writer.before-objects-close",
          "bronze.commit.objects-published",
          "bronze.commit.ledger-done");

  private static final List<String> SEAL_POINTS =
      List.of(
          "seal.period-written", "seal.commit.planned", "seal.commit.before", "seal.commit.after");

  private static final List<String> REPLAY_POINTS =
      List.of(
          "replay.staged",
          "replay.publish.planned",
          "replay.publish.period-written",
          "replay.publish.committed",
          "replay.published");

  /**
   * The order in which seeds take faults; chosen so that the first few meet faults of all sorts.
   */
  private static final long DECK_ORDER = 36_909;

  /**
   * The faults of a seed. Neighbouring seeds have different ones, so that a few of them meet all;
   * their order and their details are the seed's.
   *
   * @param only a part of the text of those that may happen; empty for all
   * @throws IllegalArgumentException if no fault has it
   */
  static List<Fault> of(long seed, int count, String only) {
    List<Fault> deck = deck();
    deck.removeIf(card -> !card.name().contains(only));
    if (deck.isEmpty()) {
      throw new IllegalArgumentException(
          "No fault has '" + only + "' in its name: " + deck().stream().map(Fault::name).toList());
    }
    Collections.shuffle(deck, new Random(DECK_ORDER));
    Random random = new Random(seed);
    List<Fault> faults = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Fault card = deck.get((int) Math.floorMod(seed * count + i, (long) deck.size()));
      faults.add(card.with(random));
    }
    Collections.shuffle(faults, random);
    return faults;
  }

  /** Whether it meets a replay when all that it publishes is there already. */
  static boolean isBehindPublication(Fault fault) {
    return fault.detail().equals("replay.publish.committed")
        || fault.detail().equals("replay.published");
  }

  private Fault with(Random random) {
    Restart[] restarts = Restart.values();
    int times = nth == 0 ? 1 + random.nextInt(4) : nth;
    return new Fault(kind, detail, times, restarts[random.nextInt(restarts.length)]);
  }

  /** All of them; a fault without {@code nth} leaves it to the seed. */
  private static List<Fault> deck() {
    List<Fault> deck = new ArrayList<>();
    for (String point : POINTS) {
      deck.add(of(Kind.KILL_AT, point));
      deck.add(of(Kind.FAIL_AT, point));
    }
    for (Operation operation :
        List.of(Operation.CREATE, Operation.WRITE, Operation.CLOSE, Operation.READ)) {
      deck.add(of(Kind.STORE, Mode.REFUSED + " " + operation));
    }
    deck.add(of(Kind.STORE, Mode.REFUSED + " " + Operation.PUBLISH));
    deck.add(of(Kind.STORE, Mode.ANSWER_LOST + " " + Operation.CLOSE));
    deck.add(of(Kind.STORE, Mode.ANSWER_LOST + " " + Operation.PUBLISH));
    deck.add(of(Kind.STORE, Mode.SLOW + " " + Operation.CREATE));
    deck.add(of(Kind.DISK_FULL, ""));
    deck.add(of(Kind.KILL, ""));
    deck.add(of(Kind.BROKER_RESTART, ""));
    deck.add(of(Kind.BROKER_CRASH, ""));
    deck.add(of(Kind.CATALOG_CONFLICT, ""));
    deck.add(of(Kind.CATALOG_LOCK, ""));
    deck.add(of(Kind.CATALOG_LOCK, BEYOND_PATIENCE));
    deck.add(of(Kind.CLOCK_STEP, "7200"));
    deck.add(of(Kind.CLOCK_STEP, "-7200"));
    deck.add(of(Kind.TAKE_OVER, ""));
    deck.add(of(Kind.SEAL, ""));
    deck.add(of(Kind.REPLAY, ""));
    REPLAY_POINTS.forEach(point -> deck.add(new Fault(Kind.REPLAY, point, 1, Restart.TABLES)));
    SEAL_POINTS.forEach(point -> deck.add(new Fault(Kind.SEAL, point, 1, Restart.TABLES)));
    return deck;
  }

  private static Fault of(Kind kind, String detail) {
    return new Fault(kind, detail, 0, Restart.TABLES);
  }

  /** One line, as reports show it. */
  @Override
  public String toString() {
    return name() + " x" + nth;
  }

  private String name() {
    String what = kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    return (what + " " + detail).trim();
  }
}
