package ai.finks.flink.replay.io;

import ai.finks.flink.replay.core.ReplayScope;
import ai.finks.flink.replay.core.RowIdentity;
import ai.finks.flink.silver.hash.VersionIdentity;
import ai.finks.schemas.contract.Contract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;

/** The rows of a Silver table, or of a staged one, period by period and as versions. */
final class PeriodRows {
  private static final List<String> PLACE =
      List.of("_topic", "_stream_id", "_partition", "_offset", "_element");

  private final Table table;
  private final long snapshotId;
  private final VersionIdentity identity;
  private final RowTimes times;
  private final ReplayScope scope;

  /** What is done with a row, which must not be kept. */
  @FunctionalInterface
  interface Visitor {
    /**
     * @param inScope whether the replay gives this row anew
     */
    void visit(Record row, RowIdentity identity, boolean inScope);
  }

  PeriodRows(Table table, long snapshotId, Contract contract, ReplayScope scope) {
    this.table = table;
    this.snapshotId = snapshotId;
    this.identity = VersionIdentity.of(table, contract);
    this.times = new RowTimes(contract);
    this.scope = scope;
  }

  /**
   * @param period as {@code 2024-03} or {@code 2024-03-05}
   */
  void read(String period, Visitor visitor) {
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(table)
            .useSnapshot(snapshotId)
            .where(filter(table, period))
            .select(columns())
            .reuseContainers()
            .build()) {
      for (Record row : rows) {
        long[] id = identity.of(row);
        visitor.visit(row, new RowIdentity(id[0], id[1], id[2], id[3]), isInScope(row));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + table.name(), e);
    }
  }

  private boolean isInScope(Record row) {
    return scope.reads(
            (String) row.getField("_stream_id"),
            (Integer) row.getField("_partition"),
            (Long) row.getField("_offset"))
        && scope.takes(times.event(row), times.ingest(row));
  }

  private List<String> columns() {
    List<String> columns = new ArrayList<>(identity.columns());
    List<String> more = new ArrayList<>(PLACE);
    more.add(RowTimes.INGEST_TIME);
    more.add(times.eventTimeColumn());
    more.stream().filter(name -> !columns.contains(name)).forEach(columns::add);
    return columns;
  }

  /** The rows of a period, by the columns that the table is partitioned by. */
  static Expression filter(Table table, String period) {
    String[] values = period.split("-");
    Expression filter = Expressions.alwaysTrue();
    for (int i = 0; i < table.spec().fields().size(); i++) {
      String level = table.schema().findColumnName(table.spec().fields().get(i).sourceId());
      filter = Expressions.and(filter, Expressions.equal(level, values[i]));
    }
    return filter;
  }
}
