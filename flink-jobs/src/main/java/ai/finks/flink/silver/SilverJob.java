package ai.finks.flink.silver;

import ai.finks.flink.silver.function.ContractRefinerFactory;
import ai.finks.flink.silver.function.RecordRefiner;
import ai.finks.flink.silver.function.Refine;
import ai.finks.flink.silver.io.EntitySchemas;
import ai.finks.flink.silver.io.LakeSink;
import ai.finks.flink.silver.io.Pipeline;
import ai.finks.flink.silver.io.Refinement;
import ai.finks.flink.silver.io.StartGuard;
import ai.finks.flink.silver.io.TypedRecords;
import ai.finks.flink.stream.GroupingSource;
import ai.finks.flink.stream.InChainType;
import ai.finks.flink.stream.RawMessage;
import ai.finks.flink.stream.RawStream;
import ai.finks.flink.stream.StreamLog;
import ai.finks.flink.table.CatalogLoader;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.schemas.SchemaCatalog;
import ai.finks.schemas.binding.Binding;
import ai.finks.schemas.contract.Contract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.streaming.api.CheckpointingMode;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Raw records to Silver, one independent pipeline per entity.
 *
 * <pre>
 * raw topics ─▶ source ─▶ refine ─┬▶ write ──────▶ one-commit ─▶ lake: quarantine, marks,
 *                                 │    └▶ late periods, by period    accounting, silver
 *                                 └▶ typed (Kafka, at least once)
 * </pre>
 *
 * Source, refine and both writers are one chain: no record is shuffled or copied, but rows of
 * periods long over where several writers would each make a file of them. Offsets are the tables':
 * the job starts where they stand, with or without Flink's state.
 */
public final class SilverJob {
  private SilverJob() {}

  /**
   * Adds the pipelines of the configured entities to a job. The tables and topics must exist.
   *
   * @throws IllegalArgumentException if an entity has no contract or binding, or the engine is set
   *     up in a way that the pipelines cannot be correct in
   */
  public static void define(StreamExecutionEnvironment env, SilverConfig config) {
    define(env, config, CatalogLoader.of(config.catalog()));
  }

  static void define(
      StreamExecutionEnvironment env, SilverConfig config, CatalogLoader catalogLoader) {
    prepare(env, config.checkpointInterval().toMillis());
    SchemaCatalog schemaCatalog = SchemaCatalog.load(config.schemasDir());
    String writerId = UUID.randomUUID().toString();
    for (String entity : entities(config.entities(), schemaCatalog)) {
      EntitySchemas schemas = EntitySchemas.of(schemaCatalog, entity);
      Pipeline pipeline =
          new Pipeline(
                  entity,
                  schemas.sourceOfTopic(),
                  catalogLoader,
                  writerId,
                  config.takesOver(),
                  Duration.ofMillis(env.getCheckpointConfig().getCheckpointInterval()),
                  config.snapshotAge())
              .accepting(config.acceptedGaps());
      prepareForSeal(pipeline, schemas.contract());
      DataStream<Refinement> refined =
          pipeline(
              env,
              RawStream.live(
                  pipeline.topics(),
                  pipeline.tables(),
                  catalogLoader,
                  config.kafkaProperties(),
                  config.acceptedGaps()),
              pipeline,
              StreamLog.Connector.kafka(config.kafkaProperties()),
              new ContractRefinerFactory(pipeline, schemas, config.registryUrl(), config.keysDir()),
              config.parallelism());
      if (config.hasTypedTopic()) {
        typedTopic(refined, schemas, config, entity);
      }
    }
  }

  /** Rows are written with the columns that the table has: one of before gets the newest first. */
  private static void prepareForSeal(Pipeline pipeline, Contract contract) {
    try (LakeCatalog catalog = pipeline.catalogLoader().open()) {
      StartGuard.prepareForSeal(pipeline, catalog, contract);
    } catch (IOException e) {
      throw new UncheckedIOException("The catalog of " + pipeline.entity() + " did not close", e);
    }
  }

  /** The entities that were asked for; all that have a binding where none was. */
  public static List<String> entities(List<String> asked, SchemaCatalog schemas) {
    if (!asked.isEmpty()) {
      return asked;
    }
    return schemas.bindings().stream()
        .map(Binding::entity)
        .distinct()
        .sorted()
        .collect(Collectors.toList());
  }

  /**
   * Adds the way of one entity's records from any source of messages into the pipeline's tables. A
   * bounded source makes a bounded job: its last ranges are committed with its final checkpoint.
   *
   * @param log what is asked of the log behind the source
   * @return the refined records, for further sinks; they must not leave their chain
   */
  public static DataStream<Refinement> pipeline(
      StreamExecutionEnvironment env,
      Source<RawMessage, ?, ?> source,
      Pipeline pipeline,
      StreamLog.Connector log,
      RecordRefiner.Factory refiner,
      int parallelism) {
    String entity = pipeline.entity();
    SingleOutputStreamOperator<Refinement> refined =
        env.fromSource(
                GroupingSource.of(source),
                WatermarkStrategy.noWatermarks(),
                entity + "-source",
                InChainType.of(RawMessage.class))
            .uid(entity + "-source")
            .setParallelism(parallelism)
            .transform(
                entity + "-refine",
                InChainType.of(Refinement.class),
                new Refine(pipeline, log, refiner))
            .uid(entity + "-refine")
            .setParallelism(parallelism);
    LakeSink.write(refined, pipeline, parallelism);
    return refined;
  }

  private static void typedTopic(
      DataStream<Refinement> refined, EntitySchemas schemas, SilverConfig config, String entity) {
    Properties producer = config.kafkaProperties();
    producer.putIfAbsent("compression.type", "lz4");
    producer.putIfAbsent("linger.ms", "20");
    producer.putIfAbsent("batch.size", Integer.toString(128 << 10));
    KafkaSink<Refinement> sink =
        KafkaSink.<Refinement>builder()
            .setBootstrapServers(producer.getProperty("bootstrap.servers"))
            .setKafkaProducerConfig(producer)
            .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
            .setRecordSerializer(new TypedRecords(schemas, config.registryUrl()))
            .build();
    refined
        .sinkTo(sink)
        .name(entity + "-typed")
        .uid(entity + "-typed")
        .setParallelism(config.parallelism());
  }

  /** What the correctness of the pipelines needs of the engine. */
  public static void prepare(StreamExecutionEnvironment env, long checkpointIntervalMillis) {
    if (!env.getCheckpointConfig().isCheckpointingEnabled()) {
      env.enableCheckpointing(checkpointIntervalMillis);
    }
    if (env.getCheckpointConfig().isUnalignedCheckpointsEnabled()) {
      throw new IllegalArgumentException(
          "execution.checkpointing.unaligned must be false: a range's marker has to arrive before"
              + " the barrier, with all rows of the range");
    }
    if (env.getCheckpointConfig().getCheckpointingMode() != CheckpointingMode.EXACTLY_ONCE) {
      throw new IllegalArgumentException(
          "execution.checkpointing.mode must be EXACTLY_ONCE: ranges end at aligned barriers");
    }
    env.getConfig().enableObjectReuse();
    env.getConfig().disableGenericTypes();
    env.getConfig().disableAutoGeneratedUIDs();
  }
}
