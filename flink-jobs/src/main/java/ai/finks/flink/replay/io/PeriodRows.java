package ai.finks.flink.replay.io;

import ai.finks.flink.replay.core.ReplayScope;
import ai.finks.flink.replay.core.RowIdentity;
import ai.finks.flink.seal.SealedPeriods;
import ai.finks.flink.seal.StoredRows;
import ai.finks.flink.table.TablePeriod;
import ai.finks.schemas.contract.Contract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;

/**
 * The rows of a Silver table, or of a staged one, period by period and as versions. Periods may be
 * read by several threads at a time.
 */
final class PeriodRows {
  private static final List<String> PLACE =
      List.of("_topic", "_stream_id", "_partition", "_offset", "_element");

  private final Table table;
  private final SealedPeriods periods;
  private final Contract contract;
  private final ReplayScope scope;
  private final Schema schema;
  private final byte[] key;

  /** What is done with a row, which must not be kept. */
  @FunctionalInterface
  interface Visitor {
    /**
     * @param inScope whether the replay gives this row anew
     */
    void visit(RowData row, RowIdentity identity, boolean inScope);
  }

  /**
   * @param schema that rows are read as, from {@link #schema}
   * @param key of the comparison
   */
  PeriodRows(
      Table table,
      SealedPeriods periods,
      Contract contract,
      ReplayScope scope,
      Schema schema,
      byte[] key) {
    this.table = table;
    this.periods = periods;
    this.contract = contract;
    this.scope = scope;
    this.schema = schema;
    this.key = key;
  }

  /** What of a table's columns is compared. */
  static Schema schema(Table table, Contract contract) {
    Set<String> columns = new LinkedHashSet<>(VersionFingerprint.columns(contract));
    columns.addAll(PLACE);
    columns.add(RowTimes.INGEST_TIME);
    columns.add(contract.eventTime().name());
    return table.schema().select(new ArrayList<>(columns));
  }

  Schema schema() {
    return schema;
  }

  /** How many rows a period has. */
  long count(TablePeriod period) {
    return periods.files(period).stream().mapToLong(DataFile::recordCount).sum();
  }

  void read(TablePeriod period, Visitor visitor) {
    VersionFingerprint fingerprint = new VersionFingerprint(schema, contract, key);
    RowPlaces places = new RowPlaces(schema);
    RowTimes times = new RowTimes(contract, schema);
    try (CloseableIterable<RowData> rows = StoredRows.read(table, periods.files(period), schema)) {
      for (RowData row : rows) {
        boolean inScope =
            scope.reads(places.streamId(row), places.partition(row), places.offset(row))
                && scope.takes(times.event(row), times.ingest(row));
        visitor.visit(row, fingerprint.of(row), inScope);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + table.name(), e);
    }
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
