package ai.finks.flink.silver.function;

import ai.finks.flink.silver.core.KeyMemory;
import ai.finks.flink.silver.io.Pipeline;
import ai.finks.flink.silver.io.PipelineTable;
import ai.finks.flink.silver.io.StartGuard;
import ai.finks.flink.stream.PartitionProgress;
import ai.finks.flink.stream.ProgressState;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.RecordedOffsets;
import ai.finks.flink.table.StreamPartition;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds where a partition begins and what is known of its keys there, before its first record.
 *
 * <p>After a restart with state the position comes from the state, and the tables follow: the
 * restored commits are being settled by the committer meanwhile. What is known of the keys is
 * always read from the tables, so it waits until they have reached the position. Without state the
 * tables' lowest offset is the position, and there is nothing to wait for.
 *
 * <p>The tables are read once for all partitions that the subtask is expected to get, before it
 * runs: no checkpoint waits for that. A partition that comes unexpectedly is read by itself.
 */
final class PartitionStart implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PartitionStart.class);
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Pipeline pipeline;
  private final ProgressState state;
  private final RecordRefiner refiner;
  private final Duration patience;
  private final LakeCatalog catalog;
  private final Map<StreamPartition, Prepared> prepared = new HashMap<>();

  /** Claims the pipeline's tables: where they stand is read only by the one who may move them. */
  PartitionStart(Pipeline pipeline, ProgressState state, RecordRefiner refiner, Duration patience) {
    this.pipeline = pipeline;
    this.state = state;
    this.refiner = refiner;
    this.patience = patience;
    this.catalog = pipeline.catalogLoader().open();
    StartGuard.claim(pipeline, catalog, state.isOf(pipeline.writerId()));
  }

  /** Reads what is known of these partitions' keys. */
  void prepare(Collection<StreamPartition> expected) {
    if (expected.isEmpty()) {
      return;
    }
    Map<PipelineTable, Table> tables = pipeline.load(catalog);
    TreeMap<StreamPartition, Long> starts = new TreeMap<>();
    for (StreamPartition partition : expected) {
      starts.put(partition, start(partition, tables));
    }
    load(starts, tables)
        .forEach(
            (partition, memory) ->
                prepared.put(partition, new Prepared(starts.get(partition), memory)));
  }

  PartitionWork open(StreamPartition partition) {
    Map<PipelineTable, Table> tables = pipeline.load(catalog);
    long start = start(partition, tables);
    List<Long> recorded = new ArrayList<>();
    tables.values().forEach(table -> recorded.add(recorded(table, partition)));
    return new PartitionWork(
        new PartitionProgress(partition, start, recorded), memory(partition, start, tables));
  }

  private KeyMemory memory(
      StreamPartition partition, long start, Map<PipelineTable, Table> tables) {
    Prepared known = prepared.remove(partition);
    if (known != null && known.start == start) {
      return known.memory;
    }
    TreeMap<StreamPartition, Long> alone = new TreeMap<>();
    alone.put(partition, start);
    KeyMemory memory = load(alone, tables).get(partition);
    if (memory == null) {
      throw new IllegalStateException("Nothing was read for " + partition);
    }
    return memory;
  }

  private Map<StreamPartition, KeyMemory> load(
      SortedMap<StreamPartition, Long> starts, Map<PipelineTable, Table> tables) {
    long began = System.nanoTime();
    Map<StreamPartition, KeyMemory> memories = refiner.load(starts, tables);
    LOG.info(
        "Read what is known of {} keys in {} partitions of {} in {} ms",
        memories.values().stream().mapToLong(memory -> memory.versions().size()).sum(),
        starts.size(),
        pipeline.entity(),
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
    return memories;
  }

  private long start(StreamPartition partition, Map<PipelineTable, Table> tables) {
    OptionalLong restored = state.next(partition);
    if (restored.isPresent()) {
      awaitTables(tables, partition, restored.getAsLong());
      return restored.getAsLong();
    }
    return tables.values().stream().mapToLong(table -> recorded(table, partition)).min().orElse(0L);
  }

  private static long recorded(Table table, StreamPartition partition) {
    return RecordedOffsets.of(table).getOrDefault(partition, 0L);
  }

  private void awaitTables(
      Map<PipelineTable, Table> tables, StreamPartition partition, long position) {
    long deadline = System.nanoTime() + patience.toNanos();
    for (Table table : tables.values()) {
      while (recorded(table, partition) < position) {
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
        partition, position, table.name(), recorded(table, partition), patience);
  }

  @Override
  public void close() throws IOException {
    catalog.close();
  }

  /** What was known of a partition's keys before an offset. */
  private static final class Prepared {
    final long start;
    final KeyMemory memory;

    Prepared(@Nullable Long start, KeyMemory memory) {
      this.start = start == null ? 0 : start;
      this.memory = memory;
    }
  }
}
