package ai.finks.flink.silver.io;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.flink.table.CommitOrigin;
import ai.finks.flink.table.Counts;
import ai.finks.flink.table.FencedAppend;
import ai.finks.flink.table.OffsetRange;
import ai.finks.flink.table.SnapshotExpiry;
import ai.finks.flink.table.StreamPartition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What each commit costs when each has events of 365 days, from 48 stream partitions. Data files
 * are metadata only: copies of one that was written.
 *
 * <p>{@code mvn -pl flink-jobs -am test -Dtest=ScatteredEventsTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Dfinks.scattered.commits=2000} measures long runs.
 */
class ScatteredEventsTest {
  private static final int COMMITS = Integer.getInteger("finks.scattered.commits", 60);
  private static final int DAYS = 365;
  private static final int STREAM_PARTITIONS = 48;
  private static final int RECORDS_PER_COMMIT = 10_000;
  private static final LocalDate TODAY = LocalDate.of(2026, 1, 5);

  @TempDir Path home;
  private SilverTable silver;

  @BeforeEach
  void createTable() {
    silver = new SilverTable(home);
  }

  @AfterEach
  void close() throws IOException {
    silver.close();
  }

  @Test
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void commitsAndMetadataStayAsTheyAre() throws IOException {
    Table table = silver.load();
    DataFile model = model(table);
    SnapshotExpiry expiry = new SnapshotExpiry(20, Duration.ZERO);
    double[] millis = new double[COMMITS];
    long[] metadata = new long[COMMITS];
    long[] manifestList = new long[COMMITS];
    for (int commit = 0; commit < COMMITS; commit++) {
      List<DataFile> files = files(table, model, commit);
      long begun = System.nanoTime();
      FencedAppend.commit(table, ranges(commit), files, CommitOrigin.live("silver", "w", commit));
      expiry.committed(table, System.currentTimeMillis());
      millis[commit] = (System.nanoTime() - begun) / 1e6;
      metadata[commit] = metadataBytes(table);
      manifestList[commit] = Files.size(path(table.currentSnapshot().manifestListLocation()));
    }

    report(millis, metadata, manifestList);
    assertThat(max(metadata, COMMITS / 2, COMMITS))
        .as("metadata bytes of the second half")
        .isLessThan(2 * max(metadata, 0, COMMITS / 2));
    assertThat(table.currentSnapshot().allManifests(table.io()).size())
        .as("manifests are merged")
        .isLessThan(Math.max(120, COMMITS / 8));
  }

  private static void report(double[] millis, long[] metadata, long[] manifestList) {
    int quarter = COMMITS / 4;
    for (int from = 0; from + quarter <= COMMITS; from += quarter) {
      double[] part = Arrays.copyOfRange(millis, from, from + quarter);
      Arrays.sort(part);
      System.out.printf(
          "commits %d to %d: median %.0f ms, mean %.0f ms, longest %.0f ms; metadata up to %,d"
              + " bytes, manifest list up to %,d bytes%n",
          from,
          from + quarter,
          part[quarter / 2],
          Arrays.stream(part).average().orElse(0),
          part[quarter - 1],
          max(metadata, from, from + quarter),
          max(manifestList, from, from + quarter));
    }
  }

  private static long max(long[] values, int from, int to) {
    return Arrays.stream(values, from, to).max().orElse(0);
  }

  private static DataFile model(Table table) {
    try (PartitionedFiles files = new PartitionedFiles(table, 0, 0, Long.MAX_VALUE)) {
      for (int i = 0; i < RECORDS_PER_COMMIT / DAYS; i++) {
        files.write(SilverTable.row(TODAY, TODAY, i));
      }
      return files.complete().get(0);
    }
  }

  private static List<DataFile> files(Table table, DataFile model, int commit) {
    List<DataFile> files = new ArrayList<>();
    for (int day = 0; day < DAYS; day++) {
      LocalDate date = TODAY.minusDays(day);
      PartitionData partition = new PartitionData(table.spec().partitionType());
      partition.set(0, Integer.toString(date.getYear()));
      partition.set(1, Integer.toString(100 + date.getMonthValue()).substring(1));
      partition.set(2, Integer.toString(100 + date.getDayOfMonth()).substring(1));
      files.add(
          DataFiles.builder(table.spec())
              .copy(model)
              .withPath(table.location() + "/" + date + "/" + commit + ".parquet")
              .withPartition(partition)
              .build());
    }
    return files;
  }

  private static Map<StreamPartition, OffsetRange> ranges(int commit) {
    Map<StreamPartition, OffsetRange> ranges = new TreeMap<>();
    long each = RECORDS_PER_COMMIT / STREAM_PARTITIONS;
    for (int partition = 0; partition < STREAM_PARTITIONS; partition++) {
      ranges.put(
          StreamPartition.of("fmp.quotes.raw.v1", "aBxwK0LlTxKk5x_ZM8924g", partition),
          OffsetRange.of(
              commit * each, (commit + 1) * each, Counts.of(Map.of("read", each, "silver", each))));
    }
    return ranges;
  }

  private static long metadataBytes(Table table) throws IOException {
    table.refresh();
    return Files.size(
        path(((HasTableOperations) table).operations().current().metadataFileLocation()));
  }

  private static Path path(String location) {
    return Path.of(location.replaceFirst("^file:", ""));
  }
}
