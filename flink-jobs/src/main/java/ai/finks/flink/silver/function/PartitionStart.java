package ai.finks.flink.silver.function;

import ai.finks.flink.silver.io.Pipeline;
import ai.finks.flink.silver.io.PipelineTable;
import ai.finks.flink.stream.PartitionProgress;
import ai.finks.flink.stream.ProgressState;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.RecordedOffsets;
import ai.finks.flink.table.StreamPartition;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.iceberg.Table;

/**
 * Finds where a partition begins and what is known of its keys there, before its first record.
 *
 * <p>After a restart with state the position comes from the state, and the tables follow: the
 * restored commits are being settled by the committer meanwhile. The cache of known versions is
 * always read from the tables, so it waits until they have reached the position. Without state the
 * tables' lowest offset is the position, and there is nothing to wait for.
 */
final class PartitionStart implements AutoCloseable {
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Pipeline pipeline;
  private final ProgressState state;
  private final RecordRefiner refiner;
  private final Duration patience;
  private final LakeCatalog catalog;

  PartitionStart(Pipeline pipeline, ProgressState state, RecordRefiner refiner, Duration patience) {
    this.pipeline = pipeline;
    this.state = state;
    this.refiner = refiner;
    this.patience = patience;
    this.catalog = pipeline.catalogLoader().open();
  }

  PartitionWork open(StreamPartition partition) {
    EnumMap<PipelineTable, Table> tables = pipeline.load(catalog);
    OptionalLong restored = state.next(partition);
    if (restored.isPresent()) {
      awaitTables(tables, partition, restored.getAsLong());
    }
    List<Long> recorded = new ArrayList<>();
    for (Table table : tables.values()) {
      recorded.add(RecordedOffsets.of(table).getOrDefault(partition, 0L));
    }
    long lowest = recorded.stream().mapToLong(Long::longValue).min().orElse(0L);
    long start = restored.orElse(lowest);
    return new PartitionWork(
        new PartitionProgress(partition, start, recorded),
        refiner.load(
            partition, start, of(tables, PipelineTable.SILVER), of(tables, PipelineTable.MARKS)));
  }

  private void awaitTables(
      Map<PipelineTable, Table> tables, StreamPartition partition, long position) {
    long deadline = System.nanoTime() + patience.toNanos();
    for (Table table : tables.values()) {
      while (RecordedOffsets.of(table).getOrDefault(partition, 0L) < position) {
        if (Thread.currentThread().isInterrupted()) {
          throw new IllegalStateException("Interrupted while waiting for " + table.name());
        }
        if (System.nanoTime() - deadline > 0) {
          throw new IllegalStateException(behind(table, partition, position));
        }
        LockSupport.parkNanos(POLL_NANOS);
        table.refresh();
      }
    }
  }

  private String behind(Table table, StreamPartition partition, long position) {
    return String.format(
        "The job's state continues %s at %d, but table %s stands at %d and did not follow within"
            + " %s. If the table was rolled back, start the job without state: it continues from"
            + " the tables.",
        partition,
        position,
        table.name(),
        RecordedOffsets.of(table).getOrDefault(partition, 0L),
        patience);
  }

  private static Table of(Map<PipelineTable, Table> tables, PipelineTable role) {
    Table table = tables.get(role);
    if (table == null) {
      throw new IllegalStateException("No table for " + role);
    }
    return table;
  }

  @Override
  public void close() throws IOException {
    catalog.close();
  }
}
