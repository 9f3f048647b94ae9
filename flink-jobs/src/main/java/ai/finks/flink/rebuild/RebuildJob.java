package ai.finks.flink.rebuild;

import ai.finks.flink.history.BronzeOrigin;
import ai.finks.flink.silver.SilverJob;
import ai.finks.flink.silver.io.EntitySchemas;
import ai.finks.flink.table.CatalogLoader;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.schemas.SchemaCatalog;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Makes an entity's tables again from Bronze alone, and puts them in place of what is there.
 *
 * <pre>
 * Bronze: ledger ─▶ objects ─▶ the silver job's pipeline ─▶ staged tables ─▶ one commit per table ─▶
 *   quarantine, marks, accounting, silver
 * </pre>
 *
 * <p>Readers see the old tables until the new ones are complete. A rebuild that was killed goes on,
 * given again, from where its staged tables stand. No live job of the entity may run while the
 * tables are switched; one that does is fenced.
 */
public final class RebuildJob {
  private RebuildJob() {}

  /**
   * Rebuilds the configured entities, one after the other.
   *
   * @param environments gives a fresh environment for each job that is run
   * @param progress is told what was done, a line each
   * @throws ai.finks.flink.history.HistoryGapException if Bronze lacks something
   * @throws ai.finks.flink.table.JobStoppedException if a table has come further than Bronze
   */
  public static List<RebuildResult> run(
      RebuildConfig config,
      Supplier<StreamExecutionEnvironment> environments,
      Consumer<String> progress)
      throws Exception {
    return run(config, environments, progress, true);
  }

  /**
   * Only reads what Bronze has by now into the staged tables: {@link #run} then has less to do. May
   * be done beside the live job.
   */
  public static void stage(
      RebuildConfig config,
      Supplier<StreamExecutionEnvironment> environments,
      Consumer<String> progress)
      throws Exception {
    run(config, environments, progress, false);
  }

  private static List<RebuildResult> run(
      RebuildConfig config,
      Supplier<StreamExecutionEnvironment> environments,
      Consumer<String> progress,
      boolean publishes)
      throws Exception {
    CatalogLoader catalogLoader = CatalogLoader.of(config.catalog());
    SchemaCatalog schemas = SchemaCatalog.load(config.schemasDir());
    List<RebuildResult> results = new ArrayList<>();
    try (LakeCatalog catalog = catalogLoader.open();
        BronzeOrigin bronze =
            BronzeOrigin.open(catalogLoader, config.lakeRoot(), config.acceptedGaps())) {
      for (String entity : SilverJob.entities(config.entities(), schemas)) {
        EntityRebuild rebuild =
            new EntityRebuild(config, EntitySchemas.of(schemas, entity), catalog, progress);
        rebuild.stage(bronze, environments);
        if (publishes) {
          results.add(rebuild.publish());
        }
      }
    }
    return results;
  }
}
