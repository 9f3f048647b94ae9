package ai.finks.flink.replay.io;

import ai.finks.flink.history.HistoryOrigin;
import ai.finks.flink.history.HistoryRanges;
import ai.finks.flink.replay.core.ReplayOrder;
import ai.finks.flink.replay.core.ReplayPlan;
import ai.finks.flink.replay.core.ReplayPlanException;
import ai.finks.flink.replay.core.ReplayRange;
import ai.finks.flink.table.Counts;
import ai.finks.flink.table.OffsetRange;
import ai.finks.flink.table.StreamPartition;
import ai.finks.schemas.contract.Contract;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Turns what is asked for into offsets, and says where they are read from.
 *
 * <p>Times are widened before they become offsets: by a day at the beginning, since the record of a
 * day may be sent while another day begins, and by the contract's lateness at the end; without one
 * everything up to where Silver stands is read. What lies beyond the range is then left out by the
 * rows' own times. The stream is preferred as long as nothing that is wanted has left it.
 */
public final class ReplayPlanner {
  private static final Duration EARLY = Duration.ofDays(1);
  private static final Instant END = Instant.parse("9999-12-31T00:00:00Z");

  private final HistoryOrigin stream;
  private final HistoryOrigin bronze;
  private final Contract contract;
  private final SortedMap<StreamPartition, Long> recorded;

  /**
   * @param recorded where Silver stands: nothing beyond is replayed
   */
  public ReplayPlanner(
      HistoryOrigin stream,
      HistoryOrigin bronze,
      Contract contract,
      SortedMap<StreamPartition, Long> recorded) {
    this.stream = stream;
    this.bronze = bronze;
    this.contract = contract;
    this.recorded = new TreeMap<>(recorded);
  }

  /**
   * @throws ReplayPlanException if something that is asked for can be had nowhere, was not read by
   *     Silver yet, or nothing lies in the range
   */
  public ReplayPlan plan(ReplayOrder order) {
    HistoryRanges wanted = upToSilver(wanted(order));
    if (wanted.isEmpty()) {
      throw new ReplayPlanException("Nothing was sent in that range: there is nothing to replay");
    }
    HistoryOrigin.Kind origin = origin(order, wanted);
    return ReplayPlan.of(
        order.id(),
        order.entity(),
        order.range(),
        origin.name().toLowerCase(Locale.ROOT),
        order.contract(),
        wanted.asMap());
  }

  private HistoryRanges wanted(ReplayOrder order) {
    if (order.range().by() == ReplayRange.By.OFFSETS || !order.offsets().isEmpty()) {
      return explicit(order);
    }
    Instant from = instant(order.range().fromMicros()).minus(EARLY);
    Instant to =
        contract.lateness().map(late -> instant(order.range().toMicros()).plus(late)).orElse(END);
    Collection<String> topics = order.topics();
    HistoryRanges ofStream = stream.ofIngestTime(topics, from, to);
    if (order.origin().filter("stream"::equals).isPresent() || !mayHaveLost(topics, ofStream)) {
      return ofStream;
    }
    return hull(ofStream, bronze.ofIngestTime(topics, from, to));
  }

  /**
   * Whether something of that time may have been in the stream and is gone: then its first message
   * is the first one of the range, or the topic has had another stream before.
   */
  private boolean mayHaveLost(Collection<String> topics, HistoryRanges wanted) {
    HistoryRanges held = stream.held(topics);
    for (StreamPartition partition : recorded.keySet()) {
      if (topics.contains(partition.topic())) {
        OffsetRange there = held.asMap().get(partition);
        OffsetRange mine = wanted.asMap().get(partition);
        long first = there == null ? Long.MAX_VALUE : there.start();
        if (first > 0 && (mine == null || mine.start() <= first)) {
          return true;
        }
      }
    }
    return false;
  }

  private HistoryRanges explicit(ReplayOrder order) {
    TreeMap<StreamPartition, OffsetRange> ranges = new TreeMap<>();
    SortedMap<StreamPartition, OffsetRange> present = stream.held(order.topics()).asMap();
    order
        .offsets()
        .forEach(
            (topic, partitions) ->
                partitions.forEach(
                    (partition, range) -> {
                      StreamPartition at = find(topic, partition, present.keySet());
                      long stands = recorded.getOrDefault(at, 0L);
                      if (range.end() > stands) {
                        throw new ReplayPlanException(
                            String.format(
                                "Silver has read %s up to %d: offsets up to %d cannot be replayed",
                                at, stands, range.end()));
                      }
                      ranges.put(at, range);
                    }));
    return HistoryRanges.of(ranges);
  }

  /** The present stream of the topic, or the one that Silver has read where there is none. */
  private StreamPartition find(String topic, int partition, Set<StreamPartition> present) {
    Optional<StreamPartition> found =
        present.stream()
            .filter(p -> p.topic().equals(topic) && p.partition() == partition)
            .findFirst();
    return found
        .or(
            () ->
                recorded.keySet().stream()
                    .filter(p -> p.topic().equals(topic) && p.partition() == partition)
                    .findFirst())
        .orElseThrow(
            () ->
                new ReplayPlanException(
                    "Silver knows no partition " + partition + " of topic " + topic));
  }

  private HistoryRanges upToSilver(HistoryRanges wanted) {
    TreeMap<StreamPartition, OffsetRange> ranges = new TreeMap<>();
    wanted
        .asMap()
        .forEach(
            (partition, range) -> {
              long end = Math.min(range.end(), recorded.getOrDefault(partition, 0L));
              ranges.put(
                  partition, OffsetRange.of(Math.min(range.start(), end), end, Counts.none()));
            });
    return HistoryRanges.of(ranges);
  }

  private HistoryOrigin.Kind origin(ReplayOrder order, HistoryRanges wanted) {
    HistoryRanges notInStream = stream.missing(wanted);
    HistoryRanges notInBronze =
        notInStream.isEmpty() && !order.origin().filter("bronze"::equals).isPresent()
            ? notInStream
            : bronze.missing(wanted);
    if (order.origin().isPresent()) {
      boolean fromStream = order.origin().get().equals("stream");
      HistoryRanges missing = fromStream ? notInStream : notInBronze;
      if (!missing.isEmpty()) {
        throw new ReplayPlanException(
            missing + " is not in " + order.origin().get() + (fromStream ? " any more" : ""));
      }
      return fromStream ? HistoryOrigin.Kind.STREAM : HistoryOrigin.Kind.BRONZE;
    }
    if (notInStream.isEmpty()) {
      return HistoryOrigin.Kind.STREAM;
    }
    if (notInBronze.isEmpty()) {
      return HistoryOrigin.Kind.BRONZE;
    }
    throw new ReplayPlanException(
        "A gap: the stream does not have "
            + notInStream
            + ", and Bronze does not have "
            + notInBronze
            + ". Nothing was replayed; choose a range that one of them has as a whole");
  }

  private static HistoryRanges hull(HistoryRanges one, HistoryRanges other) {
    TreeMap<StreamPartition, OffsetRange> hull = new TreeMap<>(one.asMap());
    Set<StreamPartition> all = new HashSet<>(other.asMap().keySet());
    for (StreamPartition partition : all) {
      OffsetRange range = other.asMap().get(partition);
      if (range != null) {
        hull.merge(partition, range, ReplayPlanner::hull);
      }
    }
    return HistoryRanges.of(hull);
  }

  private static OffsetRange hull(OffsetRange one, OffsetRange other) {
    return OffsetRange.of(
        Math.min(one.start(), other.start()), Math.max(one.end(), other.end()), Counts.none());
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
