package ai.finks.flink.silver.redrive;

import ai.finks.flink.silver.io.PipelineTable;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.RecordedOffsets;
import ai.finks.flink.table.StreamPartition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;

/** What the pipeline's tables say about offsets of its streams, once they hold them. */
final class CommittedOutcomes {
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final LakeCatalog catalog;
  private final String entity;

  /** What lies at one offset. */
  static final class AtOffset {
    long rows;
    List<Record> reasons = List.of();
    boolean refused;
  }

  CommittedOutcomes(LakeCatalog catalog, String entity) {
    this.catalog = catalog;
    this.entity = entity;
  }

  /**
   * Waits until every table of the pipeline has passed the offsets.
   *
   * @param ends per partition the offset behind the last one that matters
   * @param stillAlive called again and again; throws when there is nobody left to wait for
   */
  void await(Map<StreamPartition, Long> ends, Duration patience, Runnable stillAlive)
      throws TimeoutException {
    long deadline = System.nanoTime() + patience.toNanos();
    for (PipelineTable role : PipelineTable.values()) {
      Table table = catalog.load(role.identifier(entity));
      while (!hasPassed(table, ends)) {
        stillAlive.run();
        if (Thread.currentThread().isInterrupted()) {
          throw new IllegalStateException("Interrupted while waiting for " + table.name());
        }
        if (System.nanoTime() - deadline > 0) {
          throw new TimeoutException(
              "What was sent was not committed to " + table.name() + " within " + patience);
        }
        LockSupport.parkNanos(POLL_NANOS);
        table.refresh();
      }
    }
  }

  private static boolean hasPassed(Table table, Map<StreamPartition, Long> ends) {
    SortedMap<StreamPartition, Long> recorded = RecordedOffsets.of(table);
    return ends.entrySet().stream()
        .allMatch(end -> recorded.getOrDefault(end.getKey(), 0L) >= end.getValue());
  }

  /** What lies at offsets of one partition; an offset without an entry left nothing. */
  Map<Long, AtOffset> at(StreamPartition partition, long first, long last) {
    Map<Long, AtOffset> outcomes = new HashMap<>();
    read(
        PipelineTable.SILVER,
        partition,
        first,
        last,
        List.of("_offset"),
        outcomes,
        (row, at) -> at.rows++);
    read(
        PipelineTable.QUARANTINE,
        partition,
        first,
        last,
        List.of("_offset", "reasons"),
        outcomes,
        (row, at) -> {
          at.refused = true;
          List<Record> reasons = new ArrayList<>(at.reasons);
          ((List<?>) row.getField("reasons")).forEach(each -> reasons.add((Record) each));
          at.reasons = reasons;
        });
    return outcomes;
  }

  private interface Collector {
    void collect(Record row, AtOffset at);
  }

  private void read(
      PipelineTable role,
      StreamPartition partition,
      long first,
      long last,
      List<String> columns,
      Map<Long, AtOffset> outcomes,
      Collector collector) {
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(catalog.load(role.identifier(entity)))
            .where(RefusedFilter.range(partition.streamId(), partition.partition(), first, last))
            .select(columns)
            .build()) {
      for (Record row : rows) {
        long offset = (Long) row.getField("_offset");
        collector.collect(row, outcomes.computeIfAbsent(offset, at -> new AtOffset()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
