package ai.finks.flink.silver.redrive;

import ai.finks.flink.silver.core.RecordCoordinate;
import ai.finks.flink.silver.core.Refined;
import ai.finks.flink.silver.core.SilverPlan;
import ai.finks.flink.silver.redrive.RedriveLog.Intention;
import ai.finks.flink.silver.redrive.RedriveLog.Settlement;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.StreamPartition;
import ai.finks.schemas.raw.RawRecord;
import ai.finks.schemas.wire.WireFormat;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.iceberg.data.Record;

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

  private final LakeCatalog catalog;
  private final SilverPlan plan;
  private final RedriveOrder order;
  private final RedriveStream stream;
  private final RedriveLog log;
  private final RefusedRecords refusedRecords;
  private final CommittedOutcomes committed;
  private final Refined refined;
  private final List<RedriveResult> results = new ArrayList<>();
  private final Map<RecordCoordinate, RecordCoordinate> sent = new ConcurrentHashMap<>();
  private final Map<RecordCoordinate, String> notSent = new ConcurrentHashMap<>();

  /** Where the records are and go. */
  public static final class Platform {
    private final LakeCatalog catalog;
    private final Properties kafka;
    private final WireFormat format;
    private final Collection<String> topics;

    /**
     * @param kafka properties of Kafka's clients
     * @param topics the raw topics that feed the entity
     */
    public Platform(
        LakeCatalog catalog, Properties kafka, WireFormat format, Collection<String> topics) {
      this.catalog = catalog;
      this.kafka = kafka;
      this.format = format;
      this.topics = topics;
    }
  }

  public Redrive(Platform platform, SilverPlan plan, RedriveOrder order, Clock clock) {
    this.catalog = platform.catalog;
    this.plan = plan;
    this.order = order;
    this.stream = new RedriveStream(platform.kafka, platform.format, platform.topics);
    this.log =
        new RedriveLog(catalog.load(LakeTables.REDRIVES), order, plan.contract().version(), clock);
    this.refusedRecords =
        new RefusedRecords(catalog.load(LakeTables.quarantine(order.entity())), order.entity());
    this.committed = new CommittedOutcomes(catalog, order.entity());
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
    findInterrupted();
    for (List<RecordCoordinate> chunk : candidates(filter)) {
      Map<RecordCoordinate, Ready> ready = check(chunk);
      log.intend(intentions(ready));
      ready.forEach(this::send);
    }
    stream.flush();
    notSent.forEach((refused, why) -> result(refused, RedriveState.NOT_SENT, List.of(why)));
    settle(stillAlive);
    return results;
  }

  /** A record that passed the check. */
  private static final class Ready {
    final RawRecord record;
    final StreamPartition target;
    final boolean leavesNoRow;

    Ready(RawRecord record, StreamPartition target, boolean leavesNoRow) {
      this.record = record;
      this.target = target;
      this.leavesNoRow = leavesNoRow;
    }
  }

  private void findInterrupted() {
    Map<StreamPartition, Map<RecordCoordinate, Intention>> byTarget = new TreeMap<>();
    log.open()
        .forEach(
            (refused, intention) ->
                byTarget
                    .computeIfAbsent(intention.target, target -> new TreeMap<>())
                    .put(refused, intention));
    byTarget.forEach(
        (target, intentions) -> {
          long from = intentions.values().stream().mapToLong(i -> i.from).min().orElse(0);
          stream
              .find(target, from, intentions.keySet())
              .forEach((refused, offset) -> sent.put(refused, at(target, offset)));
        });
  }

  /** What may have to be sent: partition by partition in the order of the offsets. */
  private Collection<List<RecordCoordinate>> candidates(RefusedFilter filter) {
    SortedMap<RecordCoordinate, Boolean> found = refusedRecords.find(filter);
    Map<String, List<List<RecordCoordinate>>> chunks = new LinkedHashMap<>();
    found.forEach(
        (refused, decodable) -> {
          String outcome = log.outcomes().get(refused);
          if (outcome != null) {
            result(refused, RedriveState.EARLIER, List.of(outcome));
          } else if (!decodable) {
            result(refused, RedriveState.UNDECODABLE, List.of());
          } else if (!sent.containsKey(refused)) {
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

  private Map<RecordCoordinate, Ready> check(List<RecordCoordinate> chunk) {
    Map<RecordCoordinate, Ready> ready = new LinkedHashMap<>();
    refusedRecords.load(
        chunk,
        (refused, quarantined) -> {
          RawRecord record = quarantined.record();
          StreamPartition target = stream.target(refused, record.key());
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
            ready.put(refused, new Ready(record, target, refined.rows().isEmpty()));
          }
        });
    return ready;
  }

  private Map<RecordCoordinate, Intention> intentions(Map<RecordCoordinate, Ready> ready) {
    Map<StreamPartition, Long> ends = new TreeMap<>();
    Map<RecordCoordinate, Intention> intentions = new LinkedHashMap<>();
    ready.forEach(
        (refused, each) ->
            intentions.put(
                refused,
                new Intention(
                    each.target,
                    ends.computeIfAbsent(each.target, stream::end),
                    each.leavesNoRow)));
    return intentions;
  }

  private void send(RecordCoordinate refused, Ready ready) {
    stream.send(
        refused,
        ready.record,
        ready.target,
        (offset, problem) -> {
          if (problem == null) {
            sent.put(refused, at(ready.target, offset));
          } else {
            notSent.put(refused, problem.getClass().getSimpleName());
          }
        });
  }

  private void settle(Runnable stillAlive) throws TimeoutException {
    Map<StreamPartition, SortedMap<Long, RecordCoordinate>> byTarget = new TreeMap<>();
    sent.forEach(
        (refused, place) ->
            byTarget
                .computeIfAbsent(
                    StreamPartition.of(place.topic(), place.streamId(), place.partition()),
                    target -> new TreeMap<>())
                .put(place.offset(), refused));
    Map<StreamPartition, Long> ends = new TreeMap<>();
    byTarget.forEach((target, offsets) -> ends.put(target, offsets.lastKey() + 1));
    committed.await(ends, order.patience(), stillAlive);
    byTarget.forEach(this::settle);
  }

  private void settle(StreamPartition target, SortedMap<Long, RecordCoordinate> offsets) {
    Map<Long, CommittedOutcomes.AtOffset> outcomes =
        committed.at(target, offsets.firstKey(), offsets.lastKey());
    List<Settlement> settlements = new ArrayList<>();
    offsets.forEach(
        (offset, refused) -> {
          CommittedOutcomes.AtOffset there =
              outcomes.getOrDefault(offset, new CommittedOutcomes.AtOffset());
          RedriveState state = state(refused, there);
          settlements.add(
              new Settlement(refused, at(target, offset), state, there.rows, there.reasons));
          result(
              refused,
              state,
              there.reasons.stream().map(Redrive::text).collect(Collectors.toList()));
        });
    log.settle(settlements);
  }

  private RedriveState state(RecordCoordinate refused, CommittedOutcomes.AtOffset there) {
    if (there.refused) {
      return there.rows > 0 ? RedriveState.LANDED_IN_PART : RedriveState.REFUSED_AGAIN;
    }
    if (there.rows > 0) {
      return RedriveState.LANDED;
    }
    Intention intention = log.open().get(refused);
    return intention != null && intention.leavesNoRow
        ? RedriveState.FILTERED
        : RedriveState.DUPLICATE;
  }

  private static String text(Record reason) {
    StringBuilder text = new StringBuilder(String.valueOf(reason.getField("code")));
    for (String part : List.of("field", "check", "shape")) {
      if (reason.getField(part) != null) {
        text.append(' ').append(part).append('=').append(reason.getField(part));
      }
    }
    return text.toString();
  }

  private static RecordCoordinate at(StreamPartition target, long offset) {
    return new RecordCoordinate(target.topic(), target.streamId(), target.partition(), offset);
  }

  private void result(RecordCoordinate refused, RedriveState state, List<String> reasons) {
    results.add(new RedriveResult(refused, state, reasons));
  }

  @Override
  public void close() {
    stream.close();
  }
}
