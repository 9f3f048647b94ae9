package ai.finks.flink.silver.redrive;

import ai.finks.flink.silver.core.RecordCoordinate;
import ai.finks.flink.silver.core.Refined;
import ai.finks.flink.silver.core.SilverPlan;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.StreamPartition;
import ai.finks.schemas.raw.RawRecord;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * Sends refused records through Silver again, after what refused them was mended.
 *
 * <pre>
 * quarantine ─▶ check (the very plan of the job) ─▶ intention ─▶ raw topic ─▶ live job
 *                      └▶ still refused                              settlement ◀─┘
 * </pre>
 *
 * <p>A record goes to the partition that it came from, in its own envelope but for the attribute
 * {@link RecordCoordinate#ATTRIBUTE}: the version rule then decides about it as it would have done
 * at first. What became of it is read from the tables that the job has committed.
 *
 * <p>Interrupted at any point, the next call goes on: an intention says from which offset on the
 * record may lie in its topic, so it is looked for there before it is sent again. A record that a
 * dying call's last request brings in after that look arrives twice; the version rule makes the
 * second one a duplicate. One call at a time: the caller holds a lock.
 */
public final class Redrive implements AutoCloseable {
  private static final int CHUNK = 1000;

  private final SilverPlan plan;
  private final RedriveOrder order;
  private final Resend resend;
  private final RefusedRecords refusedRecords;
  private final Refined refined;
  private final List<RedriveResult> results = new ArrayList<>();

  public Redrive(RedrivePlatform platform, SilverPlan plan, RedriveOrder order, Clock clock) {
    LakeCatalog catalog = platform.catalog();
    this.plan = plan;
    this.order = order;
    this.resend = Resend.open(platform, order, plan.contract().version(), clock);
    this.refusedRecords =
        new RefusedRecords(catalog.load(LakeTables.quarantine(order.entity())), order.entity());
    this.refined = plan.newRefined();
  }

  /** Says what would be done with the matching records, and does nothing. */
  public List<RedriveResult> preview(RefusedFilter filter) {
    for (List<RecordCoordinate> chunk : candidates(filter)) {
      check(chunk).keySet().forEach(refused -> result(refused, RedriveState.READY, List.of()));
    }
    return results;
  }

  /**
   * Does it, and what an interrupted call left undone.
   *
   * @param stillAlive called while the job is waited for; throws when there is no use in waiting
   * @return one result per matching record, and per record of an interrupted call
   * @throws TimeoutException when the job did not commit in time; a later call settles the rest
   */
  public List<RedriveResult> run(RefusedFilter filter, Runnable stillAlive)
      throws TimeoutException {
    resend.findInterrupted();
    for (List<RecordCoordinate> chunk : candidates(filter)) {
      resend.send(check(chunk));
    }
    results.addAll(resend.settle(stillAlive));
    return results;
  }

  /** What may have to be sent: partition by partition in the order of the offsets. */
  private Collection<List<RecordCoordinate>> candidates(RefusedFilter filter) {
    SortedMap<RecordCoordinate, Boolean> found = refusedRecords.find(filter);
    Map<String, List<List<RecordCoordinate>>> chunks = new LinkedHashMap<>();
    found.forEach(
        (refused, decodable) -> {
          RedriveLog.Outcome outcome = resend.outcomes().get(refused);
          if (outcome != null) {
            result(refused, RedriveState.EARLIER, List.of(outcome.label));
          } else if (!decodable) {
            result(refused, RedriveState.UNDECODABLE, List.of());
          } else if (!resend.isUnderWay(refused)) {
            List<List<RecordCoordinate>> ofPartition =
                chunks.computeIfAbsent(
                    refused.topic() + '@' + refused.streamId() + '/' + refused.partition(),
                    partition -> new ArrayList<>());
            if (ofPartition.isEmpty() || ofPartition.get(ofPartition.size() - 1).size() == CHUNK) {
              ofPartition.add(new ArrayList<>());
            }
            ofPartition.get(ofPartition.size() - 1).add(refused);
          }
        });
    return chunks.values().stream().flatMap(List::stream).collect(Collectors.toList());
  }

  private Map<RecordCoordinate, Resend.Ready> check(List<RecordCoordinate> chunk) {
    Map<RecordCoordinate, Resend.Ready> ready = new LinkedHashMap<>();
    refusedRecords.load(
        chunk,
        (refused, quarantined) -> {
          RawRecord record = quarantined.record();
          StreamPartition target = resend.target(refused, record.key());
          plan.refine(record, refined);
          if (target == null) {
            result(
                refused,
                RedriveState.NOT_SENT,
                List.of("topic " + refused.topic() + " does not feed " + order.entity()));
          } else if (!quarantined.isMended(refined)) {
            result(
                refused,
                RedriveState.STILL_REFUSED,
                refined.refusals().stream().map(Object::toString).collect(Collectors.toList()));
          } else {
            ready.put(refused, new Resend.Ready(record, target, refined.rows().isEmpty()));
          }
        });
    return ready;
  }

  private void result(RecordCoordinate refused, RedriveState state, List<String> reasons) {
    results.add(new RedriveResult(refused, state, reasons));
  }

  @Override
  public void close() {
    resend.close();
  }
}
