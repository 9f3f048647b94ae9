package ai.finks.bench.variant;

import ai.finks.flink.silver.SilverConfig;
import ai.finks.flink.silver.SilverJob;
import java.util.Map;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The silver job as it is: fenced commits, quarantine, accounting, deduplication, tokens. */
final class SilverVariant implements Variant {
  private final VariantSetup setup;
  private final boolean typedTopic;
  private final EngineCluster cluster;

  SilverVariant(VariantSetup setup, boolean typedTopic) throws Exception {
    this.setup = setup;
    this.typedTopic = typedTopic;
    this.cluster = new EngineCluster(setup.parallelism(), setup.folder().resolve("tmp"));
  }

  @Override
  public Lap run(int lap, long lapStart) throws Exception {
    try (LapLake lake = LapLake.create(setup.lap(lap), setup.schemas())) {
      StreamExecutionEnvironment env =
          cluster.environment(setup.lap(lap).resolve("checkpoints"), setup.commitInterval());
      SilverJob.define(env, config(lake, lap));
      return cluster.run(
          env.getStreamGraph(),
          setup.records(),
          lapStart,
          checkpoint -> lake.reached(LapLake.PIPELINE, setup.records()));
    }
  }

  private SilverConfig config(LapLake lake, int lap) {
    Map<String, String> keys = lake.jobKeys(setup);
    keys.put("schemas.dir", setup.schemas().toString());
    keys.put("keys.dir", LapLake.keys(setup.lap(lap)).toString());
    keys.put("typed-topic", Boolean.toString(typedTopic));
    return SilverConfig.of(keys);
  }

  @Override
  public void close() throws Exception {
    cluster.close();
  }
}
