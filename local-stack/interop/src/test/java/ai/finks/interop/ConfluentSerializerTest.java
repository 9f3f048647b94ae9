package ai.finks.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.finks.schemas.Topics;
import ai.finks.schemas.raw.RawRecord;
import ai.finks.schemas.raw.RawRecordDecoder;
import ai.finks.schemas.raw.RawRecordEncoder;
import ai.finks.schemas.raw.RawRecords;
import ai.finks.schemas.wire.WireFormat;
import ai.finks.schemas.wire.WireFormats;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.registry.RegistryProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Confluent's own Java serializer, which is on the class path with the profile confluent only. */
class ConfluentSerializerTest {
  private static final String SERIALIZER = "io.confluent.kafka.serializers.KafkaAvroSerializer";
  private static final String DESERIALIZER = "io.confluent.kafka.serializers.KafkaAvroDeserializer";
  private static final String TOPIC = Topics.raw("fmp", "bars");
  private static final Path REGISTRY = Path.of("..", "..", ".finks", "registry");

  @TempDir Path folder;

  @Test
  void bothReadWhatTheOtherWrites() throws Exception {
    assumeTrue(
        instance(SERIALIZER) != null,
        "SKIPPED: no Confluent serializer; mvn -Pconfluent fetches it, see docs/interop.md");
    assumeTrue(Files.isDirectory(REGISTRY), "SKIPPED: no registry in " + REGISTRY);
    RawRecord record = record();
    try (RegistryProcess registry = RegistryProcess.start(REGISTRY, FinksHome.at(folder));
        Serializer<Object> serializer = configured(SERIALIZER, registry);
        Deserializer<Object> deserializer = configured(DESERIALIZER, registry)) {
      registry.awaitReady();
      WireFormat format = WireFormats.open(registry.url());

      byte[] theirs = serializer.serialize(TOPIC, AwsSerde.avro(record));
      byte[] ours =
          new RawRecordEncoder(format.header(TOPIC, RawRecords.SCHEMA_JSON)).encode(record);

      assertThat(new RawRecordDecoder(format).decode(theirs).record()).isEqualTo(record);
      assertThat(((GenericRecord) deserializer.deserialize(TOPIC, ours)).get("run_id"))
          .hasToString("run");
    }
  }

  private static @Nullable Object instance(String name) throws Exception {
    try {
      return Class.forName(name).getDeclaredConstructor().newInstance();
    } catch (ClassNotFoundException e) {
      return null;
    }
  }

  @SuppressWarnings("unchecked")
  private static <T> T configured(String name, RegistryProcess registry) throws Exception {
    Map<String, Object> settings = Map.of("schema.registry.url", registry.url().toString());
    Object made = instance(name);
    if (made instanceof Serializer<?> serializer) {
      serializer.configure(settings, false);
    } else if (made instanceof Deserializer<?> deserializer) {
      deserializer.configure(settings, false);
    }
    return (T) made;
  }

  private static RawRecord record() {
    return RawRecord.builder()
        .source("fmp")
        .entity("bars")
        .runId("run")
        .batchId("batch")
        .sequence(1)
        .ingestTimeMicros(1_767_618_000_000_000L)
        .key("AAPL")
        .contentType("application/json")
        .payload("{}".getBytes(UTF_8))
        .attributes(Map.of("symbol", "AAPL"))
        .build();
  }
}
