package ai.finks.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.finks.broker.BrokerConfig;
import ai.finks.broker.EmbeddedBroker;
import ai.finks.client.RawProducer;
import ai.finks.client.RawProducerConfig;
import ai.finks.schemas.Topics;
import ai.finks.schemas.raw.DecodedRecord;
import ai.finks.schemas.raw.RawRecord;
import ai.finks.schemas.raw.RawRecordDecoder;
import ai.finks.schemas.raw.RawRecordEncoder;
import ai.finks.schemas.raw.RawRecords;
import ai.finks.schemas.raw.Undecodable;
import ai.finks.schemas.registry.RegistryUnavailableException;
import ai.finks.schemas.wire.WireFormat;
import ai.finks.schemas.wire.WireFormats;
import com.amazonaws.services.schemaregistry.utils.AWSSchemaRegistryConstants.COMPRESSION;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Glue's Schema Registry in place of Confluent's, beside AWS's own serializers. */
class GlueRegistryTest {
  private static final String TOPIC = Topics.raw("fmp", "bars");

  @TempDir static Path folder;
  private static @Nullable MotoServer moto;
  private static GlueAccount account;
  private static WireFormat format;

  @BeforeAll
  static void start() throws Exception {
    moto = MotoServer.start(folder);
    account = GlueAccount.in(moto);
    format = WireFormats.open(account.address());
  }

  @AfterAll
  static void stop() {
    if (moto != null) {
      moto.close();
    }
  }

  @ParameterizedTest
  @EnumSource(COMPRESSION.class)
  void awsSerializerWritesWhatOurDecoderReads(COMPRESSION compression) {
    RawRecord record = bar("AWS", 0);
    try (AwsSerde aws = new AwsSerde(account, compression)) {
      byte[] wire = aws.write(TOPIC, record);

      DecodedRecord decoded = new RawRecordDecoder(format).decode(wire);

      assertThat(decoded.problem()).isNull();
      assertThat(decoded.record()).isEqualTo(record);
    }
  }

  @Test
  void ourEncoderWritesWhatAwsDeserializerReads() {
    byte[] header = format.header(TOPIC, RawRecords.SCHEMA_JSON);
    byte[] wire = new RawRecordEncoder(header).encode(bar("OURS", 7));
    try (AwsSerde aws = new AwsSerde(account, COMPRESSION.NONE)) {
      GenericRecord read = aws.read(TOPIC, wire);

      assertThat(read.get("sequence")).isEqualTo(7L);
      assertThat(read.get("run_id")).hasToString("OURS");
      assertThat(UTF_8.decode((ByteBuffer) read.get("payload")).toString())
          .isEqualTo(payload("OURS"));
    }
    assertThat(format.header(TOPIC, RawRecords.SCHEMA_JSON)).isEqualTo(header);
  }

  @Test
  void aVersionThatTheRegistryDoesNotKnowMakesTheRecordUndecodable() {
    byte[] wire = new byte[40];
    wire[0] = 3;

    assertThat(new RawRecordDecoder(format).decode(wire).problem())
        .isEqualTo(Undecodable.UNKNOWN_SCHEMA);
  }

  @Test
  void aRegistryThatDoesNotAnswerIsAnOutage() {
    WireFormat nobody =
        WireFormats.open(URI.create("glue://eu-west-1/finks?endpoint=http://127.0.0.1:1"));
    byte[] wire = new byte[40];
    wire[0] = 3;

    assertThatThrownBy(() -> new RawRecordDecoder(nobody).decode(wire))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageContaining("finks");
    assertThatThrownBy(() -> nobody.header(TOPIC, RawRecords.SCHEMA_JSON))
        .isInstanceOf(RegistryUnavailableException.class);
  }

  @Test
  void bothJobsRunOnGluesRegistryAndCatalogAndOnS3() throws Exception {
    try (EmbeddedBroker broker =
            EmbeddedBroker.start(folder.resolve("broker"), BrokerConfig.defaults());
        AwsSerde aws = new AwsSerde(account, COMPRESSION.ZLIB)) {
      broker.createTopics(1, TOPIC, Topics.raw("files", "bars"), Topics.typed("bars"));
      send(broker, aws);
      try (BothJobs jobs = BothJobs.start(folder, broker, account)) {
        Awaitility.await()
            .atMost(BothJobs.PATIENCE)
            .until(
                () ->
                    jobs.silverRows().size() == 2 && jobs.bronzeLines(account.lake()).size() == 2);

        assertThat(jobs.silverRows())
            .extracting(row -> row.getField("symbol").toString())
            .containsExactlyInAnyOrder("OURS", "AWS");
        assertThat(String.join("\n", jobs.bronzeLines(account.lake()))).contains("OURS", "AWS");
        List<byte[]> typed = jobs.typedValues(2);
        assertThat(typed)
            .extracting(value -> aws.read(Topics.typed("bars"), value).get("symbol").toString())
            .containsExactlyInAnyOrder("OURS", "AWS");
      }
    }
  }

  private static void send(EmbeddedBroker broker, AwsSerde aws) throws Exception {
    RawProducerConfig config =
        RawProducerConfig.of(
            Map.of(
                "bootstrap-servers",
                broker.bootstrapServers(),
                "registry-url",
                account.address().toString()));
    try (RawProducer ours = RawProducer.open(config);
        KafkaProducer<byte[], byte[]> theirs =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
      ours.send(bar("OURS", 0)).get();
      RawRecord record = bar("AWS", 0);
      byte[] key = Objects.requireNonNull(record.key()).getBytes(UTF_8);
      theirs.send(new ProducerRecord<>(TOPIC, key, aws.write(TOPIC, record))).get();
    }
  }

  private static RawRecord bar(String symbol, long sequence) {
    return RawRecord.builder()
        .source("fmp")
        .entity("bars")
        .runId(symbol)
        .batchId("batch")
        .sequence(sequence)
        .ingestTimeMicros(1_767_618_000_000_000L)
        .key(symbol)
        .contentType("application/json")
        .payload(payload(symbol).getBytes(UTF_8))
        .attributes(Map.of("symbol", symbol))
        .build();
  }

  private static String payload(String symbol) {
    return "{\"symbol\":\""
        + symbol
        + "\",\"date\":\"2017-01-03\",\"open\":1.5,\"high\":2,\"low\":1,\"close\":1.75,\"volume\":7}";
  }
}
