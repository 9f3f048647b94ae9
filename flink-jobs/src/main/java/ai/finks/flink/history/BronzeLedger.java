package ai.finks.flink.history;

import ai.finks.flink.stream.AcceptedGaps;
import ai.finks.flink.table.Carrier;
import ai.finks.flink.table.Counts;
import ai.finks.flink.table.OffsetRange;
import ai.finks.flink.table.StreamPartition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;

/**
 * What the ledger {@code bronze.files} says of some topics, at one of its snapshots. Memory: about
 * 300 bytes per object of these topics.
 */
final class BronzeLedger {
  /** Whether somebody said that offsets need not be there. */
  private interface Gap {
    boolean isAccepted(long from, long end);
  }

  private static final Comparator<LedgerObject> ORDER =
      Comparator.comparingLong(LedgerObject::rangeStart).thenComparingLong(LedgerObject::first);

  private final SortedMap<StreamPartition, List<LedgerObject>> objects;

  private BronzeLedger(SortedMap<StreamPartition, List<LedgerObject>> objects) {
    this.objects = objects;
  }

  /**
   * Reads the ledger at its newest state.
   *
   * @throws HistoryGapException if it lacks rows that it once had
   */
  static BronzeLedger read(Table table, Collection<String> topics) {
    table.refresh();
    SortedMap<StreamPartition, List<LedgerObject>> objects = new TreeMap<>();
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(table)
            .where(Expressions.in("topic", new ArrayList<>(topics)))
            .build()) {
      for (Record row : rows) {
        objects.computeIfAbsent(partition(row), p -> new ArrayList<>()).add(object(row));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    objects.values().forEach(list -> list.sort(ORDER));
    requireAllRows(table, topics, objects);
    return new BronzeLedger(objects);
  }

  /** Partitions that have no row at all are found by what the carrier has counted. */
  private static void requireAllRows(
      Table table,
      Collection<String> topics,
      SortedMap<StreamPartition, List<LedgerObject>> objects) {
    Map<StreamPartition, Counts> counted =
        Carrier.newest(((HasTableOperations) table).operations().current())
            .map(Carrier::counts)
            .orElseGet(TreeMap::new);
    counted.forEach(
        (partition, known) -> {
          long found =
              objects.getOrDefault(partition, List.of()).stream()
                  .mapToLong(LedgerObject::records)
                  .sum();
          if (topics.contains(partition.topic()) && known.get("read") != found) {
            throw HistoryGapException.uncounted(partition, known.get("read"), found);
          }
        });
  }

  private static StreamPartition partition(Record row) {
    return StreamPartition.of(
        (String) row.getField("topic"),
        (String) row.getField("stream_id"),
        (Integer) row.getField("partition"));
  }

  private static LedgerObject object(Record row) {
    return LedgerObject.at((String) row.getField("path"))
        .offsets((Long) row.getField("first_offset"), (Long) row.getField("last_offset"))
        .range((Long) row.getField("range_start"), (Long) row.getField("range_end"))
        .committed(ChronoUnit.MICROS.between(Instant.EPOCH, committedAt(row)))
        .content(
            (Long) row.getField("records"),
            (Long) row.getField("bytes"),
            (String) row.getField("sha256"));
  }

  private static Instant committedAt(Record row) {
    return ((OffsetDateTime) row.getField("committed_at")).toInstant();
  }

  /**
   * What is held, by the streams that topics were one after the other: the first of each topic,
   * then the second of those that have one, and so on.
   */
  List<HistoryRanges> generations() {
    SortedMap<String, Map<String, Long>> begun = new TreeMap<>();
    objects.forEach(
        (partition, list) ->
            begun
                .computeIfAbsent(partition.topic(), topic -> new HashMap<>())
                .merge(partition.streamId(), list.get(0).committedMicros(), Math::min));
    List<SortedMap<StreamPartition, OffsetRange>> generations = new ArrayList<>();
    held()
        .asMap()
        .forEach(
            (partition, range) -> {
              Map<String, Long> ofTopic = begun.getOrDefault(partition.topic(), Map.of());
              long first = ofTopic.getOrDefault(partition.streamId(), 0L);
              int rank = (int) ofTopic.values().stream().filter(other -> other < first).count();
              while (generations.size() <= rank) {
                generations.add(new TreeMap<>());
              }
              generations.get(rank).put(partition, range);
            });
    return generations.stream().map(HistoryRanges::of).collect(Collectors.toList());
  }

  /** All objects of each partition, in the order of their offsets. */
  SortedMap<StreamPartition, List<LedgerObject>> objects() {
    return objects;
  }

  /** The objects that hold some of a partition's offsets, in their order. */
  List<LedgerObject> objects(StreamPartition partition, long from, long to) {
    return objects.getOrDefault(partition, List.of()).stream()
        .filter(object -> object.holdsSomeOf(from, to))
        .sorted(Comparator.comparingLong(LedgerObject::first))
        .collect(Collectors.toList());
  }

  /** From the first offset of each partition to the one behind the last. */
  HistoryRanges held() {
    SortedMap<StreamPartition, OffsetRange> held = new TreeMap<>();
    objects.forEach(
        (partition, list) -> {
          long end = list.stream().mapToLong(LedgerObject::rangeEnd).max().orElse(0);
          held.put(partition, OffsetRange.of(list.get(0).rangeStart(), end, Counts.none()));
        });
    return HistoryRanges.of(held);
  }

  /** The first offsets of each range that no commit of the ledger covers and nobody accepted. */
  HistoryRanges missing(HistoryRanges wanted, AcceptedGaps accepted) {
    SortedMap<StreamPartition, OffsetRange> missing = new TreeMap<>();
    wanted
        .asMap()
        .forEach(
            (partition, range) ->
                missing.put(
                    partition,
                    missing(
                        range, objects(partition), (a, b) -> accepted.accept(partition, a, b))));
    return HistoryRanges.of(missing);
  }

  private List<LedgerObject> objects(StreamPartition partition) {
    return objects.getOrDefault(partition, List.of());
  }

  /**
   * The commits' ranges meet, and each has an object: where they do not meet, one is gone, or the
   * bronze job gave the offsets up.
   */
  private static OffsetRange missing(OffsetRange wanted, List<LedgerObject> list, Gap accepted) {
    long covered = wanted.start();
    for (LedgerObject object : list) {
      if (object.rangeEnd() <= covered || covered >= wanted.end()) {
        continue;
      }
      long end = Math.min(object.rangeStart(), wanted.end());
      if (end > covered && !accepted.isAccepted(covered, end)) {
        return OffsetRange.of(covered, end, Counts.none());
      }
      covered = object.rangeEnd();
    }
    return OffsetRange.of(Math.min(covered, wanted.end()), wanted.end(), Counts.none());
  }
}
