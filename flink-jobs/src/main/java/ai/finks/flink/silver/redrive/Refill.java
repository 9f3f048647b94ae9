package ai.finks.flink.silver.redrive;

import ai.finks.flink.silver.core.RecordCoordinate;
import ai.finks.flink.table.Carrier;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.StreamPartition;
import ai.finks.schemas.raw.RawRecord;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;
import org.jspecify.annotations.Nullable;

/**
 * Sends records of the past through the live job again, as they were, because rows of theirs are
 * missing. The same rules as for {@link Redrive}: to the partition that they came from, written
 * down before, found again after an interruption, settled by what the job has committed.
 */
public final class Refill implements AutoCloseable {
  private final Resend resend;
  private final int contractVersion;
  private final Instant runningSince;

  /**
   * @param order whose id names the replay
   */
  public Refill(RedrivePlatform platform, RedriveOrder order, int contractVersion, Clock clock) {
    this.resend = Resend.open(platform, order, contractVersion, clock);
    this.contractVersion = contractVersion;
    this.runningSince = runningSince(platform.catalog().load(LakeTables.silver(order.entity())));
  }

  /**
   * Since when the running submission of the live job is known to run, by the snapshots that the
   * table still has.
   */
  private static Instant runningSince(Table silver) {
    Optional<Carrier> newest = Carrier.newest(((HasTableOperations) silver).operations().current());
    long since = newest.map(Carrier::timestampMillis).orElse(Long.MAX_VALUE);
    for (Snapshot snapshot : SnapshotUtil.currentAncestors(silver)) {
      String writer = snapshot.summary().get(Carrier.WRITER_ID);
      if (writer != null && newest.isPresent() && writer.equals(newest.get().writerId())) {
        since = Math.min(since, snapshot.timestampMillis());
      }
    }
    return Instant.ofEpochMilli(since);
  }

  /**
   * Of the records those that were sent again and were duplicates to the live job as it runs now,
   * by the contract of now: it would decide the same once more. After another start or by another
   * contract it may decide otherwise.
   */
  public Set<RecordCoordinate> decided(Set<RecordCoordinate> records) {
    Set<RecordCoordinate> decided = new HashSet<>(records);
    decided.removeIf(record -> !isDecided(resend.outcomes().get(record)));
    return decided;
  }

  private boolean isDecided(RedriveLog.@Nullable Outcome outcome) {
    return outcome != null
        && outcome.label.equals(RedriveState.DUPLICATE.label())
        && outcome.contractVersion == contractVersion
        && !outcome.at.isBefore(runningSince);
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
