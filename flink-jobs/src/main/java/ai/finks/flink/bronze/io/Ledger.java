package ai.finks.flink.bronze.io;

import ai.finks.flink.table.Counts;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.OffsetRange;
import ai.finks.flink.table.StreamPartition;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.parquet.Parquet;

/** Rows of the table {@link LakeTables#BRONZE_FILES}: one per object of Bronze. */
final class Ledger {
  /** Paths of the ledger are below the lake's root, those of objects below Bronze's. */
  private static final String BRONZE = "bronze/";

  private Ledger() {}

  /** Writes the rows of a committable's objects to a new file, for a commit to append. */
  static DataFile write(Table table, BronzeCommittable committable, Instant now)
      throws IOException {
    List<LedgerRow> rows = new ArrayList<>();
    for (PendingObject object : committable.objects()) {
      rows.add(
          new LedgerRow(
              BRONZE + object.path(),
              object.source(),
              object.runId(),
              object.partition(),
              object.content()));
    }
    Map<StreamPartition, OffsetRange> ranges = committable.ranges();
    return write(
        table,
        "ledger-" + committable.checkpointId() + "-" + UUID.randomUUID(),
        rows,
        row -> rangeOf(row, ranges),
        row -> now);
  }

  /** Writes rows to a new file of that name, each with its range and its time of commit. */
  static DataFile write(
      Table table,
      String name,
      List<LedgerRow> rows,
      Function<LedgerRow, OffsetRange> ranges,
      Function<LedgerRow, Instant> times)
      throws IOException {
    OutputFile file =
        table
            .io()
            .newOutputFile(
                table.locationProvider().newDataLocation(FileFormat.PARQUET.addExtension(name)));
    DataWriter<Record> writer =
        Parquet.writeData(file)
            .forTable(table)
            .createWriterFunc(GenericParquetWriter::create)
            .overwrite()
            .build();
    try (writer) {
      for (LedgerRow row : rows) {
        writer.write(record(table, row, ranges.apply(row), times.apply(row)));
      }
    }
    return writer.toDataFile();
  }

  /** Those of the objects (paths below Bronze's root) in a folder that the ledger knows. */
  static Set<String> pathsIn(Table table, String folder) throws IOException {
    return paths(table, Expressions.startsWith("path", BRONZE + folder + "/"));
  }

  /** The objects of the commits that brought the partitions to where they stand. */
  static Set<String> newestPaths(Table table, Map<StreamPartition, Long> recorded)
      throws IOException {
    if (recorded.isEmpty()) {
      return Set.of();
    }
    return paths(table, Expressions.in("range_end", new HashSet<>(recorded.values())));
  }

  private static Set<String> paths(Table table, Expression filter) throws IOException {
    Set<String> paths = new HashSet<>();
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(table).where(filter).select("path").build()) {
      for (Record row : rows) {
        paths.add(((String) row.getField("path")).substring(BRONZE.length()));
      }
    }
    return paths;
  }

  private static Record record(Table table, LedgerRow object, OffsetRange range, Instant now) {
    Record row = GenericRecord.create(table.schema());
    row.setField("path", object.path());
    row.setField("source", object.source());
    row.setField("run_id", object.runId());
    row.setField("topic", object.partition().topic());
    row.setField("stream_id", object.partition().streamId());
    row.setField("partition", object.partition().partition());
    row.setField("first_offset", object.content().first());
    row.setField("last_offset", object.content().last());
    row.setField("range_start", range.start());
    row.setField("range_end", range.end());
    row.setField("records", object.content().records());
    row.setField("bytes", object.content().bytes());
    row.setField("sha256", object.content().sha256());
    row.setField("committed_at", now.atOffset(ZoneOffset.UTC));
    return row;
  }

  /**
   * What of a partition's range was read. Offsets are only given up where a job begins, so they lie
   * at the range's beginning; no row covers them, and whoever reads Bronze finds that they are not
   * there.
   */
  private static OffsetRange rangeOf(LedgerRow object, Map<StreamPartition, OffsetRange> ranges) {
    OffsetRange range = ranges.get(object.partition());
    long start = range == null ? 0 : range.start() + range.counts().get(Counts.GIVEN_UP);
    if (range == null
        || object.content().first() < start
        || object.content().last() >= range.end()) {
      throw new IllegalStateException(
          "Object " + object + " lies outside the range " + range + " of its checkpoint");
    }
    return OffsetRange.of(start, range.end(), range.counts());
  }
}
