package ai.finks.flink.replay.core;

import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.contract.FieldType;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.function.LongPredicate;

/**
 * Which rows a replay need not stage, since they neither are of its range nor say anything about
 * rows that are.
 *
 * <p>Rows tell of each other by their key: which version is known decides what the next one is.
 * Where the key holds the event time, all versions of a key lie at one event time, within the range
 * or outside it. With another key, with a window (whose clock follows all rows that are kept) or
 * with a range of ingest time or offsets, all rows are needed.
 */
public final class LeftOut {
  private static final long MICROS_PER_SECOND = 1_000_000L;

  private LeftOut() {}

  /**
   * The event times that are wanted, as a contract's rows have them: days where it has days, else
   * microseconds. Empty if no row may be left out.
   *
   * @param comparesRows whether a check compares a row with the one before it
   */
  public static Optional<LongPredicate> wanted(
      ReplayRange range, Contract contract, boolean comparesRows) {
    int eventTime = contract.eventTime().index();
    if (range.by() != ReplayRange.By.EVENT
        || comparesRows
        || !contract.dedupeWindow().isAll()
        || contract.key().stream().noneMatch(field -> field.index() == eventTime)) {
      return Optional.empty();
    }
    if (contract.eventTime().type().kind() != FieldType.Kind.DATE) {
      return Optional.of(micros -> range.takes(micros, 0));
    }
    long first = firstDay(range.fromMicros(), contract);
    long next = firstDay(range.toMicros(), contract);
    return Optional.of(day -> first <= day && day < next);
  }

  /** The first day that begins at that instant or later, in the contract's zone. */
  private static long firstDay(long micros, Contract contract) {
    LocalDate day =
        Instant.ofEpochSecond(Math.floorDiv(micros, MICROS_PER_SECOND))
            .atZone(contract.zone())
            .toLocalDate();
    long begins = day.atStartOfDay(contract.zone()).toEpochSecond() * MICROS_PER_SECOND;
    return day.toEpochDay() + (begins < micros ? 1 : 0);
  }
}
