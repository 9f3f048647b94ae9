package ai.finks.flink.bronze;

import ai.finks.flink.bronze.io.BronzeInput;
import ai.finks.flink.bronze.io.BronzeSink;
import ai.finks.flink.bronze.io.MarkRanges;
import ai.finks.flink.bronze.io.RegistryLoader;
import ai.finks.flink.bronze.io.Submission;
import ai.finks.flink.stream.InChainType;
import ai.finks.flink.stream.RawMessage;
import ai.finks.flink.stream.RawStream;
import ai.finks.flink.table.CatalogLoader;
import ai.finks.flink.table.LakeTables;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.connector.kafka.source.KafkaSource;
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
  private static final Duration ASSUMED_INTERVAL = Duration.ofMinutes(1);

  private BronzeJob() {}

  /** Adds the job to an environment; nothing runs yet. */
  public static void define(StreamExecutionEnvironment env, BronzeConfig config) {
    define(
        env, config, CatalogLoader.of(config.catalog()), RegistryLoader.of(config.registryUrl()));
  }

  static void define(
      StreamExecutionEnvironment env,
      BronzeConfig config,
      CatalogLoader catalog,
      RegistryLoader registry) {
    prepare(env, config);
    Submission submission =
        new Submission(NAME, UUID.randomUUID().toString(), config.topics(), signOfLife(config));
    KafkaSource<RawMessage> source =
        RawStream.live(
            config.topics(), List.of(LakeTables.BRONZE_FILES), catalog, config.kafkaProperties());

    env.fromSource(source, WatermarkStrategy.noWatermarks(), "bronze-source")
        .uid("bronze-source")
        .transform(
            "bronze-ranges",
            InChainType.of(BronzeInput.class),
            new MarkRanges(config.topics(), catalog, config.kafkaProperties()))
        .uid("bronze-ranges")
        .sinkTo(
            new BronzeSink(config.bronzeRoot(), submission, catalog, registry, config.rollPolicy()))
        .uid("bronze")
        .name("bronze");
  }

  private static void prepare(StreamExecutionEnvironment env, BronzeConfig config) {
    env.getConfig().enableObjectReuse();
    env.getConfig().getSerializerConfig().setGenericTypes(false);
    if (config.checkpointInterval() != null) {
      env.enableCheckpointing(config.checkpointInterval().toMillis());
    }
    if (env.getCheckpointConfig().isUnalignedCheckpointsEnabled()) {
      throw new IllegalArgumentException(
          "Unaligned checkpoints are on: markers must not be overtaken by barriers. Turn off"
              + " execution.checkpointing.unaligned");
    }
    if (!env.isChainingEnabled()) {
      throw new IllegalArgumentException(
          "Chaining is off: messages must not leave their chain. Turn on"
              + " pipeline.operator-chaining.enabled");
    }
  }

  private static Duration signOfLife(BronzeConfig config) {
    if (config.takesOver()) {
      return Duration.ZERO;
    }
    Duration interval = config.checkpointInterval();
    return (interval == null ? ASSUMED_INTERVAL : interval).multipliedBy(INTERVALS_OF_LIFE);
  }
}
