package ai.finks.bench.variant;

import ai.finks.bench.feed.QuoteEnvelopes;
import ai.finks.flink.silver.SilverConfig;
import ai.finks.flink.silver.SilverJob;
import ai.finks.flink.table.LakeTables;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The silver job's process for the freshness benchmark: {@code SETUP_FILE}. Runs until killed. */
public final class FreshnessMain {
  /** Made in the folder when the job's tables are there. */
  public static final String READY = "ready";

  private FreshnessMain() {}

  public static void main(String[] arguments) {
    VariantProcess.main(arguments, FreshnessMain::run);
  }

  private static void run(VariantSetup setup) throws Exception {
    Path folder = setup.lap(1);
    Files.createDirectories(folder);
    try (EngineCluster cluster =
            new EngineCluster(setup.parallelism(), setup.folder().resolve("tmp"));
        LapLake lake = LapLake.create(folder, setup.schemas())) {
      StreamExecutionEnvironment env =
          cluster.environment(folder.resolve("checkpoints"), setup.commitInterval());
      Map<String, String> keys = lake.jobKeys(setup);
      keys.put("schemas.dir", setup.schemas().toString());
      keys.put("keys.dir", LapLake.keys(folder).toString());
      keys.put("typed-topic", "false");
      // Every snapshot is looked at afterwards.
      keys.put("snapshot.age", "1h");
      SilverJob.define(env, SilverConfig.of(keys));
      var job = cluster.submit(env.getStreamGraph());
      Files.createFile(setup.folder().resolve(READY));
      cluster.awaitCondition(
          job,
          () -> lake.reached(List.of(LakeTables.silver(QuoteEnvelopes.ENTITY)), setup.records()));
      cluster.end(job);
    }
  }
}
