package ai.finks.flink.rebuild;

import ai.finks.flink.fault.FaultPoints;
import ai.finks.flink.history.BronzeOrigin;
import ai.finks.flink.history.HistoryJob;
import ai.finks.flink.history.HistoryRanges;
import ai.finks.flink.silver.function.ContractRefinerFactory;
import ai.finks.flink.silver.io.EntitySchemas;
import ai.finks.flink.silver.io.Pipeline;
import ai.finks.flink.silver.io.PipelineTable;
import ai.finks.flink.table.CatalogLoader;
import ai.finks.flink.table.CommitOrigin;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.RecordedOffsets;
import ai.finks.flink.table.StreamPartition;
import ai.finks.flink.table.TableReplacement;
import ai.finks.flink.table.TableStats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.iceberg.Table;

/** One entity's rebuild: fills its staged tables, then puts them in place of its own. */
final class EntityRebuild {
  /** Nobody reads the staged tables' past. */
  private static final Duration SNAPSHOT_AGE = Duration.ofMinutes(10);

  private final RebuildConfig config;
  private final EntitySchemas schemas;
  private final LakeCatalog catalog;
  private final Consumer<String> progress;
  private final String entity;
  private final RebuildTables tables;

  EntityRebuild(
      RebuildConfig config, EntitySchemas schemas, LakeCatalog catalog, Consumer<String> progress) {
    this.config = config;
    this.schemas = schemas;
    this.catalog = catalog;
    this.progress = progress;
    this.entity = schemas.contract().entity();
    this.tables = new RebuildTables(catalog, entity, schemas.fingerprint());
  }

  /** Reads all of Bronze that the staged tables do not have yet. */
  void stage(BronzeOrigin bronze, Supplier<StreamExecutionEnvironment> environments)
      throws Exception {
    tables.prepare("rebuild-" + UUID.randomUUID());
    for (HistoryRanges generation : bronze.generations(schemas.sourceOfTopic().keySet())) {
      // From zero, whatever Bronze begins with: what is missing must be named.
      HistoryRanges all = HistoryRanges.between(new TreeMap<>(), ends(generation));
      HistoryRanges left = all.from(recorded(all));
      if (!left.isEmpty()) {
        progress.accept(
            String.format(
                "%s: reading %,d of %,d raw records from Bronze",
                entity, left.offsets(), all.offsets()));
        Pipeline pipeline = pipeline();
        StreamExecutionEnvironment env = environments.get();
        HistoryJob.define(
            env,
            bronze.read(left),
            pipeline,
            ContractRefinerFactory.offline(pipeline, schemas, config.keysDir()),
            config.parallelism());
        env.execute("finks-rebuild-" + entity);
        requireAll(all);
      }
    }
    FaultPoints.pass("rebuild.staged");
  }

  private SortedMap<StreamPartition, Long> ends(HistoryRanges generation) {
    SortedMap<StreamPartition, Long> ends = generation.ends();
    if (config.isUpToTables()) {
      SortedMap<StreamPartition, Long> furthest = new TreeMap<>();
      for (PipelineTable role : PipelineTable.values()) {
        Table table = catalog.load(role.identifier(entity));
        TableReplacement.recorded(table)
            .forEach((partition, offset) -> furthest.merge(partition, offset, Math::max));
      }
      ends.replaceAll(
          (partition, end) -> Math.min(end, furthest.getOrDefault(partition, Long.MAX_VALUE)));
    }
    return ends;
  }

  /** Its writer's name tells the ranges of a rebuild from those that landed when they came. */
  private Pipeline pipeline() {
    return new Pipeline(
            entity,
            schemas.sourceOfTopic(),
            CatalogLoader.of(config.catalog()),
            tables.rebuildId() + "-" + UUID.randomUUID(),
            true,
            config.checkpointInterval(),
            SNAPSHOT_AGE)
        .into(tables.identifiers());
  }

  private SortedMap<StreamPartition, Long> recorded(HistoryRanges ranges) {
    return RecordedOffsets.lowest(new ArrayList<>(tables.load().values()), ranges.asMap().keySet());
  }

  private void requireAll(HistoryRanges wanted) {
    SortedMap<StreamPartition, Long> recorded = recorded(wanted);
    if (!HistoryRanges.between(recorded, wanted.ends()).isEmpty()) {
      throw new IllegalStateException(
          "The rebuild of "
              + entity
              + " ended before it was complete: "
              + recorded
              + " of "
              + wanted.ends());
    }
  }

  /** Puts the staged tables in place, Silver last, and removes what was staged. */
  RebuildResult publish() {
    Map<PipelineTable, Table> staged = tables.load();
    CommitOrigin origin = CommitOrigin.live("silver." + entity, tables.rebuildId(), 0);
    List<String> topics = new ArrayList<>(new TreeSet<>(schemas.sourceOfTopic().keySet()));
    EnumMap<PipelineTable, Long> rows = new EnumMap<>(PipelineTable.class);
    SortedMap<StreamPartition, Long> offsets = new TreeMap<>();
    staged.forEach(
        (role, table) -> {
          rows.put(role, TableStats.of(table).rows());
          offsets.putAll(RecordedOffsets.of(table));
        });
    FaultPoints.pass("rebuild.publish.before");
    if (!offsets.isEmpty()) {
      staged.forEach(
          (role, table) -> {
            TableReplacement replacement = new TableReplacement(table, origin, tables.rebuildId());
            Table target = catalog.load(role.identifier(entity));
            if (role.isShared()) {
              replacement.replaceEntity(target, entity, topics);
            } else {
              replacement.replaceAll(target);
            }
            FaultPoints.pass("rebuild.publish.table-done");
          });
    }
    RebuildResult result =
        new RebuildResult(
            entity,
            tables.rebuildId(),
            offsets.values().stream().mapToLong(Long::longValue).sum(),
            rows);
    tables.drop();
    progress.accept(
        String.format(
            "%s: rebuilt from %,d raw records, %,d rows in Silver",
            entity, result.records(), rows.getOrDefault(PipelineTable.SILVER, 0L)));
    return result;
  }
}
