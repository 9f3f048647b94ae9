package ai.finks.stack.chaos;

import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.StreamPartition;
import ai.finks.flink.table.TableSchemas;
import ai.finks.stack.chaos.RecordMaker.Stream;
import ai.finks.stack.lake.Lake;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;

/** Invariants 2, 3 and 10: Silver, quarantine and accounting are those of one undisturbed pass. */
final class SilverVerdicts {
  private final Lake lake;
  private final SentLog log;
  private final Map<StreamPartition, SentLog.Partition> partitions;

  SilverVerdicts(Lake lake, SentLog log, Map<StreamPartition, SentLog.Partition> partitions) {
    this.lake = lake;
    this.log = log;
    this.partitions = partitions;
  }

  List<Verdict> all() {
    List<String> accounting = new ArrayList<>();
    List<String> quarantine = new ArrayList<>();
    List<String> silver = new ArrayList<>();
    for (Stream stream : Stream.values()) {
      SentLog.Expected expected = log.expected(stream);
      accounting.addAll(accounting(stream, expected));
      quarantine.addAll(quarantine(stream, expected));
      silver.addAll(silver(stream, expected));
    }
    return List.of(
        new Verdict(
            2,
            "read + exploded = silver + quarantine + duplicates + filtered, per partition and"
                + " range, and the ranges meet",
            accounting),
        new Verdict(3, "quarantine keeps whole payloads and their reasons", quarantine),
        new Verdict(
            10,
            "whatever the jobs were started from, Silver has each version once and the newest"
                + " ones are those that were sent",
            silver));
  }

  /** Silver's rows, and the newest version of each key. */
  List<String> silver(Stream stream, SentLog.Expected expected) {
    List<String> rows = new ArrayList<>();
    List<Record> found = rows(LakeTables.silver(stream.entity()));
    found.forEach(row -> rows.add(coordinate(row) + "/" + row(stream, row)));
    List<String> newestRows = new ArrayList<>();
    newest(stream, found).forEach(row -> newestRows.add(row(stream, row)));
    String table = LakeTables.silver(stream.entity()).toString();
    List<String> findings = Verdict.differences(table, expected.rows, rows);
    findings.addAll(Verdict.differences(table + " (newest)", expected.newest, newestRows));
    // Marks have no model of their own, but a file of theirs that is gone would show here.
    rows(LakeTables.marks(stream.entity()));
    return findings;
  }

  /** The newest row of each key. */
  static Collection<Record> newest(Stream stream, List<Record> rows) {
    Map<String, Record> newest = new HashMap<>();
    for (Record row : rows) {
      newest.merge(
          row.getField("_source") + "/" + key(stream, row),
          row,
          (a, b) -> order(a).compareTo(order(b)) > 0 ? a : b);
    }
    return newest.values();
  }

  private List<String> quarantine(Stream stream, SentLog.Expected expected) {
    List<String> found = new ArrayList<>();
    List<String> findings = new ArrayList<>();
    for (Record row : rows(LakeTables.quarantine(stream.entity()))) {
      found.add(coordinate(row) + "/" + row.getField("reason"));
      SentLog.Partition partition = partition(row);
      Sent sent = partition == null ? null : log.at(partition, (Long) row.getField("_offset"));
      if (sent != null
          && !ByteBuffer.wrap(sent.payload()).equals((ByteBuffer) row.getField("payload"))) {
        findings.add("quarantine has another payload than was sent at " + coordinate(row));
      }
      if (row.getField("reasons") == null) {
        findings.add("quarantine has no reasons at " + coordinate(row));
      }
    }
    findings.addAll(Verdict.differences("quarantine." + stream.entity(), expected.refused, found));
    return findings;
  }

  private List<String> accounting(Stream stream, SentLog.Expected expected) {
    List<String> findings = new ArrayList<>();
    SortedMap<SentLog.Partition, TreeMap<Long, Long>> ranges = new TreeMap<>();
    SortedMap<SentLog.Partition, SortedMap<String, Long>> sums = new TreeMap<>();
    for (Record row : rows(LakeTables.ACCOUNTING)) {
      SentLog.Partition partition =
          partitions.get(
              StreamPartition.of(
                  (String) row.getField("topic"),
                  (String) row.getField("stream_id"),
                  (Integer) row.getField("partition")));
      if (partition == null
          || partition.stream() != stream
          || !"live".equals(row.getField("kind"))) {
        continue;
      }
      Long twice =
          ranges
              .computeIfAbsent(partition, p -> new TreeMap<>())
              .put((Long) row.getField("range_start"), (Long) row.getField("range_end"));
      if (twice != null) {
        findings.add("a second range " + row);
      }
      if (!balances(row)) {
        findings.add("a range that does not balance: " + row);
      }
      SortedMap<String, Long> sum = sums.computeIfAbsent(partition, p -> new TreeMap<>());
      TableSchemas.ACCOUNTING_COUNTS.forEach(
          count -> sum.merge(count, (Long) row.getField(count), Long::sum));
    }
    sums.values().forEach(sum -> sum.values().removeIf(count -> count == 0));
    if (!sums.equals(expected.counts)) {
      findings.add("accounting says " + sums + ", what was sent makes " + expected.counts);
    }
    ranges.forEach((partition, ofPartition) -> meet(findings, partition, ofPartition));
    return findings;
  }

  private void meet(
      List<String> findings, SentLog.Partition partition, TreeMap<Long, Long> ranges) {
    long next = 0;
    for (Map.Entry<Long, Long> range : ranges.entrySet()) {
      if (range.getKey() != next) {
        findings.add("a hole or an overlap before " + range + " of " + partition);
      }
      next = range.getValue();
    }
    if (next != log.of(partition).size()) {
      findings.add("ranges of " + partition + " end at " + next);
    }
  }

  private static boolean balances(Record row) {
    return (Long) row.getField("read") + (Long) row.getField("exploded")
        == (Long) row.getField("silver")
            + (Long) row.getField("quarantine")
            + (Long) row.getField("duplicates")
            + (Long) row.getField("filtered");
  }

  private String coordinate(Record row) {
    SentLog.Partition partition = partition(row);
    return (partition == null ? "unknown stream" : partition) + "@" + row.getField("_offset");
  }

  private SentLog.@org.jspecify.annotations.Nullable Partition partition(Record row) {
    return partitions.get(
        StreamPartition.of(
            (String) row.getField("_topic"),
            (String) row.getField("_stream_id"),
            (Integer) row.getField("_partition")));
  }

  private static String key(Stream stream, Record row) {
    return stream == Stream.BARS
        ? row.getField("symbol") + "/" + row.getField("trading_day")
        : (String) row.getField("transaction_id");
  }

  private static String row(Stream stream, Record row) {
    long version = (Long) row.getField("_version");
    String content =
        stream == Stream.BARS
            ? key(stream, row) + "/" + ((BigDecimal) row.getField("close")).toPlainString()
            : key(stream, row)
                + "/"
                + ((OffsetDateTime) row.getField("executed_at")).toLocalDate()
                + "/"
                + row.getField("net_amount")
                + "/"
                + version;
    return row.getField("_source") + "/" + content + "/" + version;
  }

  private static String order(Record row) {
    return String.format(
        "%020d %s %010d",
        (Long) row.getField("_version"),
        row.getField("_batch_id"),
        (Long) row.getField("_sequence"));
  }

  private List<Record> rows(TableIdentifier table) {
    List<Record> rows = new ArrayList<>();
    try (CloseableIterable<Record> read = IcebergGenerics.read(lake.load(table)).build()) {
      read.forEach(rows::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }
}
