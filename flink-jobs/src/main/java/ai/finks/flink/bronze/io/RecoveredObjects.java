package ai.finks.flink.bronze.io;

import ai.finks.flink.bronze.io.ObjectScan.Found;
import ai.finks.flink.stream.AcceptedGaps;
import ai.finks.flink.table.CommitOrigin;
import ai.finks.flink.table.Counts;
import ai.finks.flink.table.FencedAppend;
import ai.finks.flink.table.JobStoppedException;
import ai.finks.flink.table.OffsetRange;
import ai.finks.flink.table.StreamPartition;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;

/**
 * Which of Bronze's objects were once entered in its ledger, and with which ranges, as far as the
 * objects themselves tell.
 *
 * <p>Memory: about 500 bytes per object, and what {@link Found} needs for those of one partition.
 * Time: each object is read once, and compared with those whose offsets lie near its own.
 */
final class RecoveredObjects {
  private static final String JOB = "bronze-recovery";
  private static final int MOST_NAMED = 100;

  private final AcceptedGaps acceptedGaps;
  private final List<LedgerRow> rows = new ArrayList<>();
  private final Map<LedgerRow, OffsetRange> ranges = new HashMap<>();
  private final Map<LedgerRow, Instant> times = new HashMap<>();
  private final SortedMap<StreamPartition, OffsetRange> partitions = new TreeMap<>();
  private final SortedMap<StreamPartition, List<OffsetRange>> gaps = new TreeMap<>();

  private RecoveredObjects(AcceptedGaps acceptedGaps) {
    this.acceptedGaps = acceptedGaps;
  }

  /**
   * Reads all objects.
   *
   * @throws JobStoppedException if they contradict each other, or lack offsets that nobody accepted
   */
  static RecoveredObjects read(ObjectScan scan, AcceptedGaps acceptedGaps) throws IOException {
    RecoveredObjects recovered = new RecoveredObjects(acceptedGaps);
    for (List<String> paths : scan.paths()) {
      SortedMap<StreamPartition, List<Found>> found = new TreeMap<>();
      for (String path : paths) {
        Found object = scan.read(path);
        found.computeIfAbsent(object.row.partition(), p -> new ArrayList<>()).add(object);
      }
      found.forEach((partition, all) -> recovered.add(partition, withoutLeftovers(all)));
    }
    recovered.requireNoGap();
    return recovered;
  }

  int size() {
    return rows.size();
  }

  private static List<Found> withoutLeftovers(List<Found> objects) {
    List<Found> newestFirst = new ArrayList<>(objects);
    newestFirst.sort(
        Comparator.<Found, Instant>comparing(object -> object.name.written())
            .thenComparing(object -> object.row.path())
            .reversed());
    long longest =
        objects.stream().mapToLong(object -> object.end() - object.first()).max().orElse(0);
    TreeMap<Long, List<Found>> entered = new TreeMap<>();
    for (Found object : newestFirst) {
      long held = heldBy(entered.subMap(object.first() - longest, object.end()), object);
      if (held == 0) {
        entered.computeIfAbsent(object.first(), first -> new ArrayList<>()).add(object);
      } else if (held < object.row.content().records()) {
        throw new JobStoppedException(
            "Object "
                + object.row
                + " holds "
                + held
                + " of its "
                + object.row.content().records()
                + " records together with later objects. A killed commit left it; move it away, or"
                + " cut it to the others, and start again.");
      }
    }
    return entered.values().stream().flatMap(List::stream).collect(Collectors.toList());
  }

  private static long heldBy(Map<Long, List<Found>> others, Found object) {
    List<Found> near =
        others.values().stream()
            .flatMap(List::stream)
            .filter(other -> other.end() > object.first())
            .collect(Collectors.toList());
    LongStream offsets = near.isEmpty() ? LongStream.empty() : object.offsets();
    return offsets.filter(offset -> near.stream().anyMatch(other -> other.has(offset))).count();
  }

  /**
   * Objects that hold offsets of the same stretch were committed together. Ranges meet: what lies
   * between them was accepted.
   */
  private void add(StreamPartition partition, List<Found> inOrder) {
    long rangeStart = 0;
    long read = 0;
    long undecodable = 0;
    for (int i = 0; i < inOrder.size(); ) {
      int first = i;
      long start = inOrder.get(i).first();
      long end = start;
      for (; i < inOrder.size() && (i == first || inOrder.get(i).first() < end); i++) {
        end = Math.max(end, inOrder.get(i).end());
      }
      gap(partition, rangeStart, start);
      List<Found> together = inOrder.subList(first, i);
      gapsWithin(partition, together, start, end);
      OffsetRange range = OffsetRange.of(rangeStart, end, Counts.none());
      for (Found object : together) {
        rows.add(object.row);
        ranges.put(object.row, range);
        times.put(object.row, object.name.written());
        read += object.row.content().records();
        undecodable += object.undecodable;
      }
      rangeStart = end;
    }
    Counts counts = Counts.of(Map.of("read", read, "undecodable", undecodable));
    partitions.put(partition, OffsetRange.of(0, rangeStart, counts));
  }

  private void gapsWithin(StreamPartition partition, List<Found> objects, long start, long end) {
    BitSet held = new BitSet(Math.toIntExact(end - start));
    objects.forEach(
        object -> object.offsets().forEach(offset -> held.set(Math.toIntExact(offset - start))));
    for (int clear = held.nextClearBit(0); clear < end - start; clear = held.nextClearBit(clear)) {
      int behind = held.nextSetBit(clear);
      gap(partition, start + clear, start + behind);
      clear = behind;
    }
  }

  private void gap(StreamPartition partition, long from, long end) {
    if (from < end && !acceptedGaps.accept(partition, from, end)) {
      gaps.computeIfAbsent(partition, p -> new ArrayList<>())
          .add(OffsetRange.of(from, end, Counts.none()));
    }
  }

  private void requireNoGap() {
    if (gaps.isEmpty()) {
      return;
    }
    List<String> named = new ArrayList<>();
    List<String> acceptable = new ArrayList<>();
    gaps.forEach(
        (partition, some) ->
            some.forEach(
                gap -> {
                  named.add(
                      String.format(
                          "%s partition %d offsets %d to %d of stream %s",
                          partition.topic(),
                          partition.partition(),
                          gap.start(),
                          gap.end() - 1,
                          partition.streamId()));
                  acceptable.add(AcceptedGaps.text(partition, gap.start(), gap.end()));
                }));
    int most = Math.min(MOST_NAMED, named.size());
    throw new JobStoppedException(
        String.join("; ", named.subList(0, most))
            + (named.size() > most ? "; and " + (named.size() - most) + " more stretches" : "")
            + " are in no object of Bronze. Restore the objects that held them; if there never was"
            + " anything at these offsets, or it is given up, give the command with --accept-gap "
            + String.join(",", acceptable.subList(0, most)));
  }

  /** Enters all of them in a ledger that is empty, in one commit. */
  void enter(Table ledger) throws IOException {
    if (rows.isEmpty()) {
      return;
    }
    DataFile file =
        Ledger.write(
            ledger,
            "ledger-recovered-" + UUID.randomUUID(),
            rows,
            row -> Objects.requireNonNull(ranges.get(row)),
            row -> Objects.requireNonNull(times.get(row)));
    FencedAppend.commit(
        ledger, partitions, List.of(file), CommitOrigin.live(JOB, UUID.randomUUID().toString(), 0));
  }
}
