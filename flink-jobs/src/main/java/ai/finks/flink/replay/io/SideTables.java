package ai.finks.flink.replay.io;

import ai.finks.flink.replay.core.ReplayPlan;
import ai.finks.flink.replay.core.RowPlace;
import ai.finks.flink.seal.StoredRows;
import ai.finks.flink.silver.io.PartitionedFiles;
import ai.finks.flink.silver.io.Pipeline;
import ai.finks.flink.silver.io.PipelineTable;
import ai.finks.flink.table.LakeCatalog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.types.logical.RowType;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.flink.FlinkSchemaUtil;
import org.apache.iceberg.io.CloseableIterable;
import org.jspecify.annotations.Nullable;

/**
 * What a replay adds beside Silver once its rows are published: refusals and advances of known
 * versions that nobody has, and its accounting, under the kind {@code replay}. Each table gets it
 * once, however often the replay is resumed: its own rows say that it is there.
 */
public final class SideTables {
  private static final StringData KIND = StringData.fromString("replay");

  private SideTables() {}

  /**
   * @param staged by role
   * @param summary of the commits; names the replay
   */
  public static void publish(
      LakeCatalog catalog,
      Pipeline live,
      ReplayPlan plan,
      Map<PipelineTable, Table> staged,
      Map<String, String> summary) {
    for (PipelineTable role : PipelineTable.values()) {
      Table from = staged.get(role);
      Table into = catalog.load(live.table(role));
      if (role == PipelineTable.SILVER
          || from == null
          || (role == PipelineTable.ACCOUNTING && hasAccounting(into, plan))) {
        continue;
      }
      Function<RowData, @Nullable RowData> change =
          role == PipelineTable.ACCOUNTING
              ? accounting(into.schema(), plan.id())
              : missingIn(into, from.schema(), plan);
      append(into, from, change, summary);
    }
  }

  /** The rows tell: snapshots expire sooner than a replay is given up. */
  private static boolean hasAccounting(Table table, ReplayPlan plan) {
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(table)
            .where(
                Expressions.and(
                    Expressions.equal("entity", plan.entity()),
                    Expressions.equal("kind", KIND.toString()),
                    Expressions.equal("writer_id", plan.id())))
            .select("writer_id")
            .build()) {
      return rows.iterator().hasNext();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + table.name(), e);
    }
  }

  private static Function<RowData, @Nullable RowData> accounting(Schema schema, String replayId) {
    RowType type = FlinkSchemaUtil.convert(schema);
    List<RowData.FieldGetter> getters = new ArrayList<>();
    for (int i = 0; i < type.getFieldCount(); i++) {
      getters.add(RowData.createFieldGetter(type.getTypeAt(i), i));
    }
    int kind = RowTimes.position(schema, "kind");
    int writer = RowTimes.position(schema, "writer_id");
    return row -> {
      GenericRowData changed = new GenericRowData(getters.size());
      for (int i = 0; i < getters.size(); i++) {
        changed.setField(i, getters.get(i).getFieldOrNull(row));
      }
      changed.setField(kind, KIND);
      changed.setField(writer, StringData.fromString(replayId));
      return changed;
    };
  }

  private static Function<RowData, @Nullable RowData> missingIn(
      Table into, Schema schema, ReplayPlan plan) {
    Set<RowPlace> there = new HashSet<>();
    Schema coordinates = schema.select(RowPlaces.COLUMNS);
    RowPlaces stored = new RowPlaces(coordinates);
    read(
        into,
        coordinates,
        row -> {
          if (plan.scope().reads(stored.streamId(row), stored.partition(row), stored.offset(row))) {
            there.add(stored.of(row));
          }
        });
    RowPlaces places = new RowPlaces(schema);
    return row -> there.contains(places.of(row)) ? null : row;
  }

  private static void append(
      Table into,
      Table from,
      Function<RowData, @Nullable RowData> change,
      Map<String, String> summary) {
    List<DataFile> files;
    try (PartitionedFiles written =
        new PartitionedFiles(into, 0, 0, PartitionedFiles.MAX_OPEN_BYTES)) {
      read(
          from,
          into.schema(),
          row -> {
            RowData changed = change.apply(row);
            if (changed != null) {
              written.write(changed);
            }
          });
      files = written.complete();
    }
    if (!files.isEmpty()) {
      AppendFiles append = into.newAppend();
      files.forEach(append::appendFile);
      summary.forEach(append::set);
      append.commit();
    }
  }

  private static void read(Table table, Schema columns, Consumer<RowData> each) {
    List<DataFile> files = new ArrayList<>();
    try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
      tasks.forEach(task -> files.add(task.file()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try (CloseableIterable<RowData> rows = StoredRows.read(table, files, columns)) {
      rows.forEach(each);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + table.name(), e);
    }
  }
}
