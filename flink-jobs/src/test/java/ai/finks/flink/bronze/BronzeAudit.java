package ai.finks.flink.bronze;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.flink.bronze.core.BronzeEnvelope;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.iceberg.data.Record;

/** What must be true of any Bronze once its job has caught up. */
final class BronzeAudit {
  private BronzeAudit() {}

  /** Every offset below the ends lies in Bronze once, and the ledger says so truly. */
  static void requireExact(BronzeBed bed, Map<String, Long> ends) throws Exception {
    List<Record> ledger = bed.ledger();
    List<String> paths =
        ledger.stream().map(row -> (String) row.getField("path")).sorted().toList();
    assertThat(bed.visibleFiles()).as("visible files are the ledger's").isEqualTo(paths);
    requireOnce(bed.envelopes(paths), ends);
    for (Record row : ledger) {
      requireTrue(bed, row);
    }
    requireRangesMeet(ledger, ends);
  }

  private static void requireOnce(List<BronzeEnvelope> envelopes, Map<String, Long> ends) {
    Map<String, Integer> times = new HashMap<>();
    for (BronzeEnvelope envelope : envelopes) {
      times.merge(
          envelope.topic() + "/" + envelope.partition() + "/" + envelope.offset(), 1, Integer::sum);
    }
    Map<String, Integer> once = new HashMap<>();
    ends.forEach(
        (partition, end) -> {
          for (long offset = 0; offset < end; offset++) {
            once.put(partition + "/" + offset, 1);
          }
        });
    assertThat(times).isEqualTo(once);
  }

  private static void requireTrue(BronzeBed bed, Record row) throws Exception {
    String path = (String) row.getField("path");
    byte[] bytes = bed.bytes(path);
    List<BronzeEnvelope> lines = bed.envelopes(List.of(path));
    List<Long> offsets = lines.stream().map(BronzeEnvelope::offset).toList();

    assertThat(row.getField("bytes")).isEqualTo((long) bytes.length);
    assertThat(row.getField("records")).isEqualTo((long) lines.size());
    assertThat(row.getField("sha256"))
        .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
    assertThat(offsets).isSorted().startsWith((Long) row.getField("first_offset"));
    assertThat(offsets.get(offsets.size() - 1)).isEqualTo(row.getField("last_offset"));
    assertThat(path)
        .endsWith(
            String.format(
                "_%s-%s-%s-%s.json",
                row.getField("topic"),
                row.getField("partition"),
                row.getField("first_offset"),
                row.getField("last_offset")));
    assertThat(lines)
        .allMatch(line -> line.streamId().equals(row.getField("stream_id")))
        .allMatch(line -> line.partition() == (Integer) row.getField("partition"));
  }

  /** Ranges of a partition follow each other without a gap, and their records fill them. */
  private static void requireRangesMeet(List<Record> ledger, Map<String, Long> ends) {
    Map<String, List<Record>> byPartition =
        ledger.stream()
            .collect(
                Collectors.groupingBy(
                    row -> row.getField("topic") + "/" + row.getField("partition")));
    assertThat(byPartition.keySet()).isEqualTo(ends.keySet());
    byPartition.forEach(
        (partition, rows) -> {
          TreeMap<Long, Long> ranges = new TreeMap<>();
          TreeMap<Long, Long> records = new TreeMap<>();
          for (Record row : rows) {
            ranges.put((Long) row.getField("range_start"), (Long) row.getField("range_end"));
            records.merge(
                (Long) row.getField("range_start"), (Long) row.getField("records"), Long::sum);
          }
          long next = 0;
          for (Map.Entry<Long, Long> range : ranges.entrySet()) {
            assertThat(range.getKey()).as(partition + " " + ranges).isEqualTo(next);
            next = range.getValue();
            assertThat(records.get(range.getKey())).isEqualTo(next - range.getKey());
          }
          assertThat(next).isEqualTo(ends.get(partition));
        });
  }

  /** Files that no job needs any more, visible or not. */
  static void requireNoLeftovers(BronzeBed bed) throws IOException {
    assertThat(bed.files()).isEqualTo(bed.visibleFiles());
  }
}
