package ai.finks.flink.replay.io;

import ai.finks.flink.replay.core.ReplayPlan;
import ai.finks.flink.replay.core.ReplayRange;
import ai.finks.flink.table.OffsetRange;
import ai.finks.flink.table.StreamPartition;
import ai.finks.flink.table.TablePeriod;
import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.contract.FieldType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;

/** Which files of a table may hold rows that a replay gives anew, by their statistics alone. */
public final class TouchedFiles {
  private static final long MICROS_PER_SECOND = 1_000_000L;

  private final ReplayPlan plan;
  private final Contract contract;

  public TouchedFiles(ReplayPlan plan, Contract contract) {
    this.plan = plan;
    this.contract = contract;
  }

  /** The periods of such files. */
  SortedSet<TablePeriod> periods(Table table, long snapshotId) {
    return new TreeSet<>(rows(table, snapshotId).keySet());
  }

  /** At most how many rows of each period a replay gives anew. */
  public SortedMap<TablePeriod, Long> rows(Table table, long snapshotId) {
    SortedMap<TablePeriod, Long> rows = new TreeMap<>();
    try (CloseableIterable<FileScanTask> tasks =
        table.newScan().useSnapshot(snapshotId).filter(filter()).planFiles()) {
      tasks.forEach(
          task ->
              rows.merge(TablePeriod.of(task.partition()), task.file().recordCount(), Long::sum));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot plan " + table.name(), e);
    }
    return rows;
  }

  private Expression filter() {
    return Expressions.and(offsets(), times());
  }

  private Expression offsets() {
    Expression any = Expressions.alwaysFalse();
    for (Map.Entry<StreamPartition, OffsetRange> read : plan.offsets().entrySet()) {
      Expression partition =
          Expressions.and(
              Expressions.equal("_stream_id", read.getKey().streamId()),
              Expressions.equal("_partition", read.getKey().partition()));
      Expression range =
          Expressions.and(
              Expressions.greaterThanOrEqual("_offset", read.getValue().start()),
              Expressions.lessThan("_offset", read.getValue().end()));
      any = Expressions.or(any, Expressions.and(partition, range));
    }
    return any;
  }

  /** Whether a file may hold rows of the range's times. */
  Expression times() {
    ReplayRange range = plan.range();
    switch (range.by()) {
      case INGEST:
        return between(RowTimes.INGEST_TIME, range.fromMicros(), range.toMicros() - 1);
      case EVENT:
        return contract.eventTime().type().kind() == FieldType.Kind.DATE
            ? between(
                contract.eventTime().name(), day(range.fromMicros()), day(range.toMicros() - 1))
            : between(contract.eventTime().name(), range.fromMicros(), range.toMicros() - 1);
      default:
        return Expressions.alwaysTrue();
    }
  }

  /** Of a range that begins within a day the day itself may not be meant; the rows decide. */
  private Object day(long micros) {
    return (int)
        Instant.ofEpochSecond(Math.floorDiv(micros, MICROS_PER_SECOND))
            .atZone(contract.zone())
            .toLocalDate()
            .toEpochDay();
  }

  private static Expression between(String column, Object first, Object last) {
    return Expressions.and(
        Expressions.greaterThanOrEqual(column, first), Expressions.lessThanOrEqual(column, last));
  }
}
