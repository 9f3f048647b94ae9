package ai.finks.flink.silver.redrive;

import ai.finks.flink.silver.core.RecordCoordinate;
import ai.finks.flink.silver.redrive.RedriveLog.Intention;
import ai.finks.flink.silver.redrive.RedriveLog.Settlement;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.StreamPartition;
import ai.finks.schemas.raw.RawRecord;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.iceberg.data.Record;
import org.jspecify.annotations.Nullable;

/**
 * Sends records to their streams again and learns from the tables what became of them: an intention
 * is written down before a record is sent, its outcome when the live job has committed it.
 */
final class Resend implements AutoCloseable {
  private final RedriveStream stream;
  private final RedriveLog log;
  private final RedriveOrder order;
  private final CommittedOutcomes committed;
  private final List<RedriveResult> results = new ArrayList<>();
  private final Map<RecordCoordinate, RecordCoordinate> sent = new ConcurrentHashMap<>();
  private final Map<RecordCoordinate, String> notSent = new ConcurrentHashMap<>();

  private Resend(
      RedriveStream stream, RedriveLog log, RedriveOrder order, CommittedOutcomes committed) {
    this.stream = stream;
    this.log = log;
    this.order = order;
    this.committed = committed;
  }

  static Resend open(
      RedrivePlatform platform, RedriveOrder order, int contractVersion, Clock clock) {
    return new Resend(
        platform.stream(),
        new RedriveLog(platform.catalog().load(LakeTables.REDRIVES), order, contractVersion, clock),
        order,
        new CommittedOutcomes(platform.catalog(), order.entity()));
  }

  /** How it was settled last, by the coordinate that the record has. */
  Map<RecordCoordinate, RedriveLog.Outcome> outcomes() {
    return log.outcomes();
  }

  /** Whether the record lies in its stream again, or is on its way there. */
  boolean isUnderWay(RecordCoordinate refused) {
    return sent.containsKey(refused);
  }

  /** Where a record belongs; null when the entity is not fed by its topic any more. */
  @Nullable StreamPartition target(RecordCoordinate refused, @Nullable String key) {
    return stream.target(refused, key);
  }

  /** Writes down the intention, then sends. */
  void send(Map<RecordCoordinate, Ready> ready) {
    log.intend(intentions(ready));
    ready.forEach(this::send);
  }

  /** A record that passed the check. */
  static final class Ready {
    final RawRecord record;
    final StreamPartition target;
    final boolean leavesNoRow;

    Ready(RawRecord record, StreamPartition target, boolean leavesNoRow) {
      this.record = record;
      this.target = target;
      this.leavesNoRow = leavesNoRow;
    }
  }

  /** Looks for what an interrupted call has sent; it is settled with the rest. */
  void findInterrupted() {
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

  /**
   * Waits until the live job has committed what was sent, and writes down what became of it.
   *
   * @param stillAlive called while the job is waited for; throws when there is no use in waiting
   * @return one result for each record that was sent, or could not be
   * @throws TimeoutException when the job did not commit in time; a later call settles the rest
   */
  List<RedriveResult> settle(Runnable stillAlive) throws TimeoutException {
    stream.flush();
    notSent.forEach((refused, why) -> result(refused, RedriveState.NOT_SENT, List.of(why)));
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
    return results;
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
              there.reasons.stream().map(Resend::text).collect(Collectors.toList()));
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
