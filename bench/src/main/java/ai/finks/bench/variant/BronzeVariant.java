package ai.finks.bench.variant;

import ai.finks.flink.bronze.BronzeConfig;
import ai.finks.flink.bronze.BronzeJob;
import ai.finks.flink.table.LakeTables;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The bronze job as it is: envelopes as NDJSON, a fenced ledger. */
final class BronzeVariant implements Variant {
  private final VariantSetup setup;
  private final EngineCluster cluster;

  BronzeVariant(VariantSetup setup) throws Exception {
    this.setup = setup;
    this.cluster = new EngineCluster(setup.parallelism(), setup.folder().resolve("tmp"));
  }

  @Override
  public Lap run(int lap, long lapStart) throws Exception {
    try (LapLake lake = LapLake.create(setup.lap(lap), setup.schemas())) {
      StreamExecutionEnvironment env =
          cluster.environment(setup.lap(lap).resolve("checkpoints"), setup.commitInterval());
      Map<String, String> keys = lake.jobKeys(setup);
      keys.put("topics", setup.rawTopic());
      BronzeJob.define(env, BronzeConfig.of(keys));
      return cluster.run(
          env.getStreamGraph(),
          setup.records(),
          lapStart,
          checkpoint -> lake.reached(List.of(LakeTables.BRONZE_FILES), setup.records()));
    }
  }

  @Override
  public void close() throws Exception {
    cluster.close();
  }
}
