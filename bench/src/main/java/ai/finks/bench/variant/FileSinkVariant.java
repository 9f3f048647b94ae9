package ai.finks.bench.variant;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.SimpleStringEncoder;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.filesystem.rollingpolicies.OnCheckpointRollingPolicy;

/**
 * Flink's own FileSink: each bare payload a line of text. It adds nothing, names nothing and
 * remembers nothing; the payload is half of what bronze has to write.
 */
public final class FileSinkVariant implements Variant {
  private final VariantSetup setup;
  private final EngineCluster cluster;

  FileSinkVariant(VariantSetup setup) throws Exception {
    this.setup = setup;
    this.cluster = new EngineCluster(setup.parallelism(), setup.folder().resolve("tmp"));
  }

  @Override
  public Lap run(int lap, long lapStart) throws Exception {
    StreamExecutionEnvironment env =
        cluster.environment(setup.lap(lap).resolve("checkpoints"), setup.commitInterval());
    Path target = lines(setup.lap(lap));
    KafkaSource<String> source =
        KafkaSource.<String>builder()
            .setProperties(ConsumerSettings.of(setup.bootstrapServers()))
            .setTopics(setup.bareTopic())
            .setStartingOffsets(OffsetsInitializer.earliest())
            .setValueOnlyDeserializer(new SimpleStringSchema())
            .build();
    env.fromSource(source, WatermarkStrategy.noWatermarks(), "lines")
        .sinkTo(
            FileSink.forRowFormat(
                    new org.apache.flink.core.fs.Path(target.toUri()),
                    new SimpleStringEncoder<String>())
                .withRollingPolicy(OnCheckpointRollingPolicy.build())
                .build());
    return cluster.run(
        env.getStreamGraph(), setup.records(), lapStart, checkpoint -> isPublished(target));
  }

  /** Where a lap's files lie. */
  public static Path lines(Path lap) {
    return lap.resolve("lines");
  }

  /** Whether no file waits for its checkpoint any more. */
  private static boolean isPublished(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.noneMatch(file -> file.getFileName().toString().startsWith("."));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws Exception {
    cluster.close();
  }
}
