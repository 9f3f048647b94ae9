package ai.finks.flink.silver;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.flink.silver.io.PipelineTable;
import ai.finks.flink.table.Carrier;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.RecordedOffsets;
import ai.finks.flink.table.TableSchemas;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;

/** Holds the tables against what a history's log must have come to. */
final class HistoryTables {
  private final LakeCatalog catalog;
  private final String entity;

  HistoryTables(LakeCatalog catalog, String entity) {
    this.catalog = catalog;
    this.entity = entity;
  }

  void assertHold(HistoryLog log) {
    HistoryLog.Expected expected = log.expected();
    for (PipelineTable table : PipelineTable.values()) {
      assertThat(offsets(table)).as("offsets of %s", table).isEqualTo(ends(log));
      assertThat(cumulativeCounts(table)).as("counts in %s", table).isEqualTo(expected.counts);
    }
    List<Record> silver = rows(PipelineTable.SILVER);
    assertThat(silver).extracting(HistoryTables::row).hasSameElementsAs(expected.rows);
    assertThat(silver).hasSameSizeAs(expected.rows);
    assertThat(newest(silver)).as("newest versions").isEqualTo(expected.newest);
    List<Record> refused = rows(PipelineTable.QUARANTINE);
    assertThat(refused)
        .extracting(r -> coordinate(r) + "/" + r.getField("reason"))
        .containsExactlyInAnyOrderElementsOf(expected.refused);
    assertAccounting(expected, ends(log));
    // Marks have no model of their own, but a file of theirs that is gone would show here.
    rows(PipelineTable.MARKS);
  }

  /** Ranges meet without hole or overlap, each balances, and their sums are what was expected. */
  private void assertAccounting(HistoryLog.Expected expected, Map<Integer, Long> ends) {
    Map<Integer, TreeMap<Long, Long>> ranges = new TreeMap<>();
    Map<Integer, Map<String, Long>> sums = new TreeMap<>();
    for (Record row : rows(PipelineTable.ACCOUNTING)) {
      int partition = (Integer) row.getField("partition");
      Long twice =
          ranges
              .computeIfAbsent(partition, p -> new TreeMap<>())
              .put((Long) row.getField("range_start"), (Long) row.getField("range_end"));
      assertThat(twice).as("a second row for %s", row).isNull();
      Map<String, Long> sum = sums.computeIfAbsent(partition, p -> new TreeMap<>());
      for (String count : TableSchemas.ACCOUNTING_COUNTS) {
        sum.merge(count, (Long) row.getField(count), Long::sum);
      }
      assertThat((Long) row.getField("read") + (Long) row.getField("exploded"))
          .as("balance of %s", row)
          .isEqualTo(
              (Long) row.getField("silver")
                  + (Long) row.getField("quarantine")
                  + (Long) row.getField("duplicates")
                  + (Long) row.getField("filtered"));
    }
    sums.values().forEach(sum -> sum.values().removeIf(count -> count == 0));
    assertThat(sums).as("accounting").isEqualTo(expected.counts);
    ranges.forEach((partition, ofPartition) -> assertMeet(ofPartition, ends.get(partition)));
  }

  private static void assertMeet(TreeMap<Long, Long> ranges, long end) {
    long next = 0;
    for (Map.Entry<Long, Long> range : ranges.entrySet()) {
      assertThat(range.getKey()).as("ranges %s", ranges).isEqualTo(next);
      next = range.getValue();
    }
    assertThat(next).isEqualTo(end);
  }

  /** Partitions that were never read have no offset. */
  private static Map<Integer, Long> ends(HistoryLog log) {
    Map<Integer, Long> ends = new TreeMap<>();
    for (int p = 0; p < log.partitionCount(); p++) {
      if (!log.partition(p).isEmpty()) {
        ends.put(p, (long) log.partition(p).size());
      }
    }
    return ends;
  }

  private Map<Integer, Long> offsets(PipelineTable table) {
    Map<Integer, Long> offsets = new TreeMap<>();
    RecordedOffsets.of(load(table))
        .forEach((partition, offset) -> offsets.put(partition.partition(), offset));
    return offsets;
  }

  private Map<Integer, Map<String, Long>> cumulativeCounts(PipelineTable table) {
    SortedMap<Integer, Map<String, Long>> counts = new TreeMap<>();
    Carrier.newest(((HasTableOperations) load(table)).operations().current())
        .ifPresent(
            carrier ->
                carrier
                    .counts()
                    .forEach((partition, c) -> counts.put(partition.partition(), c.asMap())));
    return counts;
  }

  private Table load(PipelineTable table) {
    return catalog.load(table.identifier(entity));
  }

  private List<Record> rows(PipelineTable table) {
    List<Record> rows = new ArrayList<>();
    try (CloseableIterable<Record> read = IcebergGenerics.read(load(table)).build()) {
      read.forEach(rows::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }

  private static String coordinate(Record row) {
    return row.getField("_partition") + "/" + row.getField("_offset");
  }

  private static String row(Record row) {
    return coordinate(row) + "/" + content(row);
  }

  static String content(Record row) {
    return HistoryLog.content(
        (String) row.getField("id"),
        ((OffsetDateTime) row.getField("at")).getMonthValue(),
        (BigDecimal) row.getField("amount"),
        (Long) row.getField("_version"));
  }

  static Map<String, String> newest(List<Record> rows) {
    Map<String, Record> newest = new HashMap<>();
    for (Record row : rows) {
      newest.merge(
          (String) row.getField("id"), row, (a, b) -> order(a).compareTo(order(b)) > 0 ? a : b);
    }
    Map<String, String> contents = new TreeMap<>();
    newest.forEach((id, row) -> contents.put(id, content(row)));
    return contents;
  }

  private static String order(Record row) {
    return String.format(
        "%020d %s %010d",
        (Long) row.getField("_version"),
        row.getField("_batch_id"),
        (Long) row.getField("_sequence"));
  }
}
