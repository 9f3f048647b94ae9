package ai.finks.flink.replay.io;

import ai.finks.flink.replay.core.ReplayPlan;
import ai.finks.flink.silver.io.Pipeline;
import ai.finks.flink.silver.io.PipelineTable;
import ai.finks.flink.table.CommitOrigin;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.OffsetRange;
import ai.finks.flink.table.RecordedOffsets;
import ai.finks.flink.table.StagedTables;
import ai.finks.flink.table.StreamPartition;
import ai.finks.flink.table.TableStart;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * The staged tables of a replay: {@code staging.<id>_versions}, {@code …_quarantine}, {@code
 * …_marks}, {@code …_accounting}. They hold the plan too, so that a replay can be resumed by
 * whoever can read the catalog.
 */
public final class ReplayTables {
  private static final String PLAN = "finks.replay-plan";
  private static final String BEGUN = "finks.replay-publishing";
  private static final String VERSIONS = "_versions";

  private final LakeCatalog catalog;
  private final String id;

  public ReplayTables(LakeCatalog catalog, String id) {
    this.catalog = catalog;
    this.id = id;
  }

  /** The plans of all replays that lie staged. */
  public static List<ReplayPlan> all(LakeCatalog catalog) {
    List<ReplayPlan> plans = new ArrayList<>();
    for (TableIdentifier table : catalog.tables(StagedTables.STAGING)) {
      if (table.name().endsWith(VERSIONS)) {
        plan(catalog, table).ifPresent(plans::add);
      }
    }
    return plans;
  }

  private static Optional<ReplayPlan> plan(LakeCatalog catalog, TableIdentifier versions) {
    return Optional.ofNullable(catalog.load(versions).properties().get(PLAN))
        .map(ReplayPlan::parse);
  }

  /** The plan of a replay that has begun; empty when nothing of that name lies staged. */
  public Optional<ReplayPlan> plan() {
    TableIdentifier versions = identifier(PipelineTable.SILVER);
    return catalog.exists(versions) ? plan(catalog, versions) : Optional.empty();
  }

  /** Where the rows of a role are staged. */
  public TableIdentifier identifier(PipelineTable role) {
    String name = id.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
    String suffix =
        role == PipelineTable.SILVER ? VERSIONS : '_' + role.name().toLowerCase(Locale.ROOT);
    return StagedTables.identifier(name + suffix);
  }

  /** The pipeline that fills the staged tables instead of the entity's own. */
  public Pipeline staging(Pipeline live) {
    Map<PipelineTable, TableIdentifier> tables = new EnumMap<>(PipelineTable.class);
    for (PipelineTable role : PipelineTable.values()) {
      tables.put(role, identifier(role));
    }
    return live.into(tables);
  }

  /**
   * Creates what is not there yet, standing at the beginning of the plan's offsets. The table with
   * the plan comes last: a replay that has one has all its tables.
   */
  public void create(ReplayPlan plan, Pipeline live) {
    SortedMap<StreamPartition, Long> beginnings = new TreeMap<>();
    plan.offsets().forEach((partition, range) -> beginnings.put(partition, range.start()));
    CommitOrigin origin = CommitOrigin.live(live.job(), live.writerId(), 0);
    for (PipelineTable role : PipelineTable.values()) {
      Table table =
          StagedTables.create(
              catalog,
              catalog.load(live.table(role)),
              identifier(role),
              role == PipelineTable.SILVER ? Map.of(PLAN, plan.toJson()) : Map.of());
      TableStart.record(table, beginnings, origin);
    }
  }

  /** The staged tables at their newest state. */
  public Map<PipelineTable, Table> load() {
    Map<PipelineTable, Table> tables = new EnumMap<>(PipelineTable.class);
    for (PipelineTable role : PipelineTable.values()) {
      tables.put(role, catalog.load(identifier(role)));
    }
    return tables;
  }

  /**
   * Says that something of the replay is going to be published; durable when it returns. Snapshots
   * that could tell of it expire sooner than a replay is given up.
   */
  public void begin() {
    Table versions = catalog.load(identifier(PipelineTable.SILVER));
    if (!versions.properties().containsKey(BEGUN)) {
      versions.updateProperties().set(BEGUN, "true").commit();
    }
  }

  /** Whether something of it may have been published. */
  public boolean hasBegun() {
    return catalog.load(identifier(PipelineTable.SILVER)).properties().containsKey(BEGUN);
  }

  /** Where the staged tables stand: what is left to read begins there. */
  public SortedMap<StreamPartition, Long> recorded(ReplayPlan plan) {
    return RecordedOffsets.lowest(load().values(), plan.offsets().keySet());
  }

  /** How many of the plan's offsets are staged in all tables. */
  public long staged(ReplayPlan plan) {
    SortedMap<StreamPartition, Long> recorded = recorded(plan);
    long staged = 0;
    for (Map.Entry<StreamPartition, OffsetRange> read : plan.offsets().entrySet()) {
      long start = read.getValue().start();
      staged += recorded.getOrDefault(read.getKey(), start) - start;
    }
    return staged;
  }

  /** Removes all of it; does nothing where nothing is left. */
  public void discard() {
    // The table with the plan goes last: until then the replay can be found and discarded again.
    for (PipelineTable role : PipelineTable.values()) {
      if (catalog.exists(identifier(role))) {
        catalog.purge(identifier(role));
      }
    }
  }
}
