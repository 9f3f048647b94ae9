package ai.finks.flink.silver.io;

import ai.finks.flink.silver.core.KeyMemory;
import ai.finks.flink.silver.core.SilverPlan;
import ai.finks.flink.silver.core.StoredRow;
import ai.finks.flink.table.StreamPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;

/**
 * Reads back from a pipeline's tables what a running job would know of its partitions' keys: one
 * pass over Silver and one over the marks for any number of partitions.
 *
 * <p>Known of a partition is what came by itself before an offset, and what came from its source by
 * other streams (a topic of the same name that was deleted since).
 */
public final class StoredVersions {
  private static final List<String> COORDINATES =
      List.of("_source", "_stream_id", "_partition", "_offset", "_element");
  private static final List<String> VERSION =
      List.of("_version", "_batch_id", "_sequence", "_content_hash");
  private static final String INGEST_TIME = "_ingest_time";

  private final SilverPlan plan;
  private final Function<String, String> sourceOfTopic;

  /**
   * @param sourceOfTopic the source whose records a raw topic carries
   */
  public StoredVersions(SilverPlan plan, Function<String, String> sourceOfTopic) {
    this.plan = plan;
    this.sourceOfTopic = sourceOfTopic;
  }

  /** Tables that hold some of what is known, and which of their rows count. */
  public static final class Layer {
    private final Map<PipelineTable, Table> tables;
    private final Predicate<Record> rows;
    private final Expression silverFiles;

    private Layer(
        Map<PipelineTable, Table> tables, Predicate<Record> rows, Expression silverFiles) {
      this.tables = tables;
      this.rows = rows;
      this.silverFiles = silverFiles;
    }

    /** All rows of the tables. */
    public static Layer all(Map<PipelineTable, Table> tables) {
      return new Layer(tables, row -> true, Expressions.alwaysTrue());
    }

    /**
     * Some rows of the tables.
     *
     * @param rows decides by {@code _source}, {@code _stream_id}, {@code _partition} and {@code
     *     _offset}
     */
    public static Layer some(Map<PipelineTable, Table> tables, Predicate<Record> rows) {
      return new Layer(tables, rows, Expressions.alwaysTrue());
    }

    /**
     * The same; nothing needs to be known of keys that only other files of Silver have.
     *
     * @param files an expression over Silver's columns
     */
    public Layer within(Expression files) {
      return new Layer(tables, rows, files);
    }

    private Table table(PipelineTable role) {
      Table table = tables.get(role);
      if (table == null) {
        throw new IllegalStateException("No table for " + role);
      }
      return table;
    }
  }

  /** All that is known of each partition before its offset. */
  public Map<StreamPartition, KeyMemory> load(
      Map<StreamPartition, Long> beforeOffsets, Collection<Layer> layers) {
    MemoryTargets targets = new MemoryTargets(plan, sourceOfTopic, beforeOffsets);
    if (!plan.contract().dedupeWindow().isAll()) {
      layers.forEach(layer -> readArrivals(layer, targets));
      targets.startClocks();
    }
    for (Layer layer : layers) {
      readSilver(layer, targets);
      readMarks(layer, targets);
      if (plan.previousRules().canRefuse()) {
        new RefusedValues(plan).read(layer.table(PipelineTable.QUARANTINE), layer.rows, targets);
      }
    }
    return targets.memories();
  }

  private static void readArrivals(Layer layer, MemoryTargets targets) {
    List<String> columns = new ArrayList<>(COORDINATES);
    columns.add(INGEST_TIME);
    new TableScan(layer.table(PipelineTable.SILVER), targets.files(), columns)
        .read(
            () ->
                row -> {
                  if (layer.rows.test(row)) {
                    long ingested = StoredValues.micros(row.getField(INGEST_TIME));
                    targets.forEach(row, (target, position) -> target.arrived(position, ingested));
                  }
                });
  }

  private void readSilver(Layer layer, MemoryTargets targets) {
    List<String> columns = new ArrayList<>(COORDINATES);
    columns.addAll(VERSION);
    plan.newStoredRow().columns().forEach(column -> columns.add(column.name()));
    boolean comparesValues = !plan.previousRules().isEmpty();
    if (comparesValues || !plan.contract().dedupeWindow().isAll()) {
      columns.add(INGEST_TIME);
    }
    Expression files = Expressions.and(targets.files(), layer.silverFiles);
    new TableScan(layer.table(PipelineTable.SILVER), files, columns)
        .read(
            () -> {
              StoredRow stored = plan.newStoredRow();
              return row -> {
                if (!layer.rows.test(row)) {
                  return;
                }
                targets.forEach(
                    row,
                    (target, position) -> {
                      StoredValues.set(stored, row);
                      stored.fingerprint((String) row.getField("_source"));
                      target.version(row, position, stored);
                      if (comparesValues) {
                        target.values(row, position, stored);
                      }
                    });
              };
            });
  }

  private static void readMarks(Layer layer, MemoryTargets targets) {
    List<String> columns = new ArrayList<>(COORDINATES);
    columns.addAll(VERSION);
    columns.add("key_high");
    columns.add("key_low");
    new TableScan(layer.table(PipelineTable.MARKS), targets.files(), columns)
        .read(
            () ->
                row -> {
                  if (layer.rows.test(row)) {
                    targets.forEach(row, (target, position) -> target.mark(row, position));
                  }
                });
  }
}
