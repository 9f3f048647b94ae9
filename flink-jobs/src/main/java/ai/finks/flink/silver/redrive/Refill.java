package ai.finks.flink.silver.redrive;

import ai.finks.flink.silver.core.RecordCoordinate;
import ai.finks.flink.table.StreamPartition;
import ai.finks.schemas.raw.RawRecord;
import java.time.Clock;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/**
 * Sends records of the past through the live job again, as they were, because rows of theirs are
 * missing. The same rules as for {@link Redrive}: to the partition that they came from, written
 * down before, found again after an interruption, settled by what the job has committed.
 */
public final class Refill implements AutoCloseable {
  private static final Set<String> LEFT_NO_ROW =
      Set.of(
          RedriveState.DUPLICATE.label(),
          RedriveState.FILTERED.label(),
          RedriveState.REFUSED_AGAIN.label());

  private final Resend resend;

  /**
   * @param order whose id names the replay
   */
  public Refill(RedrivePlatform platform, RedriveOrder order, int contractVersion, Clock clock) {
    this.resend = Resend.open(platform, order, contractVersion, clock);
  }

  /**
   * Of the records those that were sent again once and left no row, since Silver knows newer ones:
   * sending them once more changes nothing.
   */
  public Set<RecordCoordinate> decided(Set<RecordCoordinate> records) {
    Set<RecordCoordinate> decided = new HashSet<>(records);
    decided.removeIf(record -> !LEFT_NO_ROW.contains(resend.outcomes().getOrDefault(record, "")));
    return decided;
  }

  /** Looks for what an interrupted call has sent. */
  public void findInterrupted() {
    resend.findInterrupted();
  }

  /**
   * Sends some records, in their order, but those that an interrupted call has sent already.
   *
   * @throws IllegalStateException if the entity is not fed by a record's topic any more
   */
  public void send(Map<RecordCoordinate, RawRecord> records) {
    Map<RecordCoordinate, Resend.Ready> ready = new LinkedHashMap<>();
    records.forEach(
        (coordinate, record) -> {
          StreamPartition target = resend.target(coordinate, record.key());
          if (target == null) {
            throw new IllegalStateException("No binding reads topic " + coordinate.topic());
          }
          if (!resend.isUnderWay(coordinate)) {
            ready.put(coordinate, new Resend.Ready(record, target, false));
          }
        });
    resend.send(ready);
  }

  /**
   * Waits until the live job has committed all that was sent.
   *
   * @param stillAlive called meanwhile; throws when there is no use in waiting
   * @throws TimeoutException when it did not in time; a later call settles the rest
   */
  public List<RedriveResult> settle(Runnable stillAlive) throws TimeoutException {
    return resend.settle(stillAlive);
  }

  @Override
  public void close() {
    resend.close();
  }
}
