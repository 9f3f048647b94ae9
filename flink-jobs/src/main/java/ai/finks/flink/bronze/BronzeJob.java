package ai.finks.flink.bronze;

import ai.finks.flink.bronze.io.BronzeInput;
import ai.finks.flink.bronze.io.BronzeSink;
import ai.finks.flink.bronze.io.MarkRanges;
import ai.finks.flink.bronze.io.Submission;
import ai.finks.flink.bronze.io.WireFormatLoader;
import ai.finks.flink.stream.GroupingSource;
import ai.finks.flink.stream.InChainType;
import ai.finks.flink.stream.RawMessage;
import ai.finks.flink.stream.RawStream;
import ai.finks.flink.table.CatalogLoader;
import ai.finks.flink.table.LakeTables;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The bronze job: raw topics, as they are, into objects and the ledger that names them.
 *
 * <pre>
 * raw topics ─ bronze-source ─ bronze-ranges ─ bronze: Writer ══ bronze-merge ══ bronze: Committer
 *              (from ledger)   (stream ids,    (NDJSON into      (1)             (1: fence, publish,
 *                               markers)        hidden objects)                   ledger)
 * </pre>
 *
 * <p>{@code ─} is a chain without copying, {@code ══} carries one message per checkpoint. Every
 * (stream id, partition, offset) ends in exactly one object of the ledger, whatever is killed.
 */
public final class BronzeJob {
  /** Name of the job in Flink and in the ledger's commits. */
  public static final String NAME = "finks-bronze";

  private static final int INTERVALS_OF_LIFE = 3;

  private BronzeJob() {}

  /** Adds the job to an environment; nothing runs yet. */
  public static void define(StreamExecutionEnvironment env, BronzeConfig config) {
    define(
        env, config, CatalogLoader.of(config.catalog()), WireFormatLoader.of(config.registryUrl()));
  }

  static void define(
      StreamExecutionEnvironment env,
      BronzeConfig config,
      CatalogLoader catalog,
      WireFormatLoader wireFormat) {
    prepare(env, config);
    List<String> topics = config.topics();
    Source<RawMessage, ?, ?> source =
        GroupingSource.of(
            RawStream.live(
                topics,
                List.of(LakeTables.BRONZE_FILES),
                catalog,
                config.kafkaProperties(),
                config.acceptedGaps()));
    Submission submission =
        new Submission(NAME, UUID.randomUUID().toString(), topics, signOfLife(config));
    BronzeSink sink =
        new BronzeSink(
            config.bronzeRoot(),
            submission,
            catalog,
            wireFormat,
            config.rollPolicy(),
            config.snapshotAge());

    env.fromSource(
            source,
            WatermarkStrategy.noWatermarks(),
            "bronze-source",
            InChainType.of(RawMessage.class))
        .uid("bronze-source")
        .setParallelism(config.parallelism())
        .transform(
            "bronze-ranges",
            InChainType.of(BronzeInput.class),
            new MarkRanges(submission, catalog, config.kafkaProperties(), config.acceptedGaps()))
        .uid("bronze-ranges")
        .setParallelism(config.parallelism())
        .sinkTo(sink)
        .name("bronze")
        .uid("bronze")
        .setParallelism(config.parallelism());
  }

  private static void prepare(StreamExecutionEnvironment env, BronzeConfig config) {
    env.getConfig().enableObjectReuse();
    env.getConfig().getSerializerConfig().setGenericTypes(false);
    if (!env.getCheckpointConfig().isCheckpointingEnabled()) {
      env.enableCheckpointing(config.checkpointInterval().toMillis());
    }
    if (env.getCheckpointConfig().isUnalignedCheckpointsEnabled()) {
      throw new IllegalArgumentException(
          "Unaligned checkpoints are on, but markers must not be overtaken by barriers. Turn off"
              + " execution.checkpointing.unaligned.enabled");
    }
    if (!env.isChainingEnabled()) {
      throw new IllegalArgumentException(
          "Chaining is off, but messages must not leave their chain. Turn on"
              + " pipeline.operator-chaining.enabled");
    }
  }

  private static Duration signOfLife(BronzeConfig config) {
    return config.takesOver()
        ? Duration.ZERO
        : config.checkpointInterval().multipliedBy(INTERVALS_OF_LIFE);
  }
}
