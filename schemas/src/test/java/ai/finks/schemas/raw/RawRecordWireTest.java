package ai.finks.schemas.raw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.finks.schemas.registry.InMemoryRegistryClient;
import ai.finks.schemas.registry.RegistryClient;
import ai.finks.schemas.registry.RegistryUnavailableException;
import ai.finks.schemas.wire.ConfluentWireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotBlank;
import net.jqwik.api.constraints.Size;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

class RawRecordWireTest {

  private final InMemoryRegistryClient registry = new InMemoryRegistryClient();
  private final int ownId = registry.register("t-value", RawRecords.SCHEMA_JSON);
  private final RawRecordDecoder decoder = new RawRecordDecoder(new ConfluentWireFormat(registry));

  @Property(tries = 300)
  void recordSurvivesTheWire(
      @ForAll @NotBlank String source,
      @ForAll String key,
      @ForAll byte[] payload,
      @ForAll @Size(max = 5) Map<String, String> attributes,
      @ForAll long sequence,
      @ForAll boolean bare) {
    RawRecord record =
        example()
            .source(wellFormed(source))
            .key(bare ? null : wellFormed(key))
            .payload(payload)
            .attributes(wellFormed(attributes))
            .sequence(sequence)
            .correlationId(bare ? null : "c-1")
            .build();

    byte[] wire = new RawRecordEncoder(ConfluentWireFormat.header(ownId)).encode(record);

    assertThat(decoder.decode(wire).record()).isEqualTo(record);
  }

  @Test
  void avroItselfReadsWhatWeWrite() throws IOException {
    RawRecord record = example().attributes(Map.of("b", "2", "a", "1")).build();

    byte[] wire = new RawRecordEncoder(ConfluentWireFormat.header(ownId)).encode(record);

    GenericRecord read =
        new GenericDatumReader<GenericRecord>(RawRecords.SCHEMA)
            .read(null, DecoderFactory.get().binaryDecoder(wire, 5, wire.length - 5, null));
    assertThat(read.get("batch_id")).hasToString("batch-1");
    assertThat(read.get("payload")).isEqualTo(ByteBuffer.wrap(record.payload()));
    assertThat((Map<?, ?>) read.get("attributes")).hasSize(2);
  }

  @Test
  void attributesInBlocksWithSizesAreRead() throws IOException {
    // Avro allows a negative count, which a size in bytes follows.
    byte[] wire =
        new RawRecordEncoder(ConfluentWireFormat.header(ownId))
            .encode(example().attributes(Map.of("a", "1")).build());
    byte[] one = {2, 2, 'a', 2, '1', 0};
    byte[] sized = {1, 8, 2, 'a', 2, '1', 0};
    byte[] other = replace(wire, one, sized);

    assertThat(decoder.decode(other).record()).isEqualTo(decoder.decode(wire).record());
  }

  @Test
  void recordOfAnOlderWriterIsResolved() throws IOException {
    Schema older = withoutField("correlation_id");
    int id = registry.register("t-value", older.toString());

    RawRecord record = decoder.decode(generic(older, id)).record();

    assertThat(record).isNotNull();
    assertThat(record.correlationId()).isNull();
    assertThat(record.payload()).isEqualTo("{}".getBytes(StandardCharsets.UTF_8));
    assertThat(record.attributes()).containsEntry("file", "a.csv");
  }

  @Test
  void whatIsNoRawRecordSaysWhy() {
    int unrelated =
        registry.register("t-value", "{\"type\":\"record\",\"name\":\"X\",\"fields\":[]}");
    int broken = registry.register("t-value", "{\"type\":\"nonsense\"}");

    assertThat(decoder.decode(null).problem()).isEqualTo(Undecodable.EMPTY);
    assertThat(decoder.decode(new byte[0]).problem()).isEqualTo(Undecodable.EMPTY);
    assertThat(decoder.decode(new byte[] {0, 0, 0}).problem())
        .isEqualTo(Undecodable.NOT_WIRE_FORMAT);
    assertThat(decoder.decode("{\"a\":1}".getBytes(StandardCharsets.UTF_8)).problem())
        .isEqualTo(Undecodable.NOT_WIRE_FORMAT);
    assertThat(decoder.decode(header(4711)).problem()).isEqualTo(Undecodable.UNKNOWN_SCHEMA);
    assertThat(decoder.decode(header(-1)).problem()).isEqualTo(Undecodable.UNKNOWN_SCHEMA);
    assertThat(decoder.decode(header(unrelated)).problem())
        .isEqualTo(Undecodable.INCOMPATIBLE_SCHEMA);
    assertThat(decoder.decode(header(broken)).problem()).isEqualTo(Undecodable.INCOMPATIBLE_SCHEMA);
    assertThat(decoder.decode(header(ownId)).problem()).isEqualTo(Undecodable.CORRUPT);
  }

  @Test
  void everyTruncationAndEveryTailIsCorrupt() {
    byte[] wire = new RawRecordEncoder(ConfluentWireFormat.header(ownId)).encode(example().build());

    for (int length = 5; length < wire.length; length++) {
      assertThat(decoder.decode(Arrays.copyOf(wire, length)).problem())
          .isEqualTo(Undecodable.CORRUPT);
    }
    assertThat(decoder.decode(Arrays.copyOf(wire, wire.length + 1)).problem())
        .isEqualTo(Undecodable.CORRUPT);
  }

  @Test
  void hugeAndNegativeLengthsAreCorruptForEveryWriter() throws IOException {
    int older = registry.register("t-value", withoutField("correlation_id").toString());
    byte[] huge = {(byte) 0xFE, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x0F};
    byte[] overlong = new byte[11];
    Arrays.fill(overlong, (byte) 0xFF);

    for (int id : new int[] {ownId, older}) {
      for (byte[] length : new byte[][] {huge, {1}, overlong}) {
        assertThat(decoder.decode(concat(header(id), length)).problem())
            .isEqualTo(Undecodable.CORRUPT);
      }
    }
  }

  @Test
  void brokenUtf8InTheEnvelopeIsCorruptButAReplacementCharacterIsNot() {
    byte[] wire =
        new RawRecordEncoder(ConfluentWireFormat.header(ownId))
            .encode(example().key("a\uFFFDb").build());
    byte[] replacement = "\uFFFD".getBytes(StandardCharsets.UTF_8);
    byte[] brokenBytes = {(byte) 0xFF, (byte) 0xFE, (byte) 0xFD};

    assertThat(decoder.decode(wire).record()).extracting(RawRecord::key).isEqualTo("a\uFFFDb");
    assertThat(decoder.decode(replace(wire, replacement, brokenBytes)).problem())
        .isEqualTo(Undecodable.CORRUPT);
  }

  @Property(tries = 5_000)
  void mutatedBytesNeverThrow(
      @ForAll @IntRange(max = 400) int position, @ForAll byte value, @ForAll boolean other)
      throws IOException {
    int older = registry.register("t-value", withoutField("correlation_id").toString());
    byte[] wire =
        other
            ? generic(withoutField("correlation_id"), older)
            : new RawRecordEncoder(ConfluentWireFormat.header(ownId)).encode(example().build());
    wire[5 + position % (wire.length - 5)] = value;

    DecodedRecord decoded = decoder.decode(wire);

    assertThat(decoded.record() == null).isNotEqualTo(decoded.problem() == null);
  }

  @Property(tries = 2_000)
  void randomBytesNeverThrow(@ForAll byte[] bytes) {
    DecodedRecord decoded = decoder.decode(concat(header(ownId), bytes));

    assertThat(decoded.record() == null).isNotEqualTo(decoded.problem() == null);
  }

  @Test
  void registryOutageStopsInsteadOfRefusing() {
    RegistryClient down =
        new RegistryClient() {
          @Override
          public int register(String subject, String schemaJson) {
            throw new RegistryUnavailableException("down", null);
          }

          @Override
          public Optional<String> schemaById(int id) {
            throw new RegistryUnavailableException("down", null);
          }
        };

    assertThatThrownBy(() -> new RawRecordDecoder(new ConfluentWireFormat(down)).decode(header(1)))
        .isInstanceOf(RegistryUnavailableException.class);
  }

  private static RawRecord.Builder example() {
    return RawRecord.builder()
        .source("fmp")
        .entity("bars")
        .runId("run-1")
        .batchId("batch-1")
        .sequence(7)
        .ingestTimeMicros(1_700_000_000_000_000L)
        .key("AAPL")
        .contentType("application/json")
        .payload("{}".getBytes(StandardCharsets.UTF_8))
        .attributes(Map.of("symbol", "AAPL"))
        .correlationId("c-1");
  }

  private static Schema withoutField(String name) {
    Schema ours = RawRecords.SCHEMA;
    Schema older = Schema.createRecord(ours.getName(), null, ours.getNamespace(), false);
    older.setFields(
        ours.getFields().stream()
            .filter(field -> !field.name().equals(name))
            .map(field -> new Schema.Field(field, field.schema()))
            .collect(java.util.stream.Collectors.toList()));
    return older;
  }

  private static byte[] generic(Schema schema, int id) throws IOException {
    GenericRecord record = new GenericData.Record(schema);
    record.put("source", "fmp");
    record.put("entity", "bars");
    record.put("run_id", "run-1");
    record.put("batch_id", "batch-1");
    record.put("sequence", 7L);
    record.put("ingest_time", 1L);
    record.put("key", "AAPL");
    record.put("content_type", "application/json");
    record.put("payload", ByteBuffer.wrap("{}".getBytes(StandardCharsets.UTF_8)));
    record.put("attributes", Map.of("file", "a.csv"));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(header(id));
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  private static byte[] header(int id) {
    return ByteBuffer.allocate(5).put((byte) 0).putInt(id).array();
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  private static byte[] replace(byte[] in, byte[] what, byte[] by) {
    String latin = new String(in, StandardCharsets.ISO_8859_1);
    String target = new String(what, StandardCharsets.ISO_8859_1);
    assertThat(latin).containsOnlyOnce(target);
    return latin
        .replace(target, new String(by, StandardCharsets.ISO_8859_1))
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Half surrogate pairs cannot be written as UTF-8. */
  private static String wellFormed(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  private static Map<String, String> wellFormed(Map<String, String> texts) {
    Map<String, String> all = new HashMap<>();
    texts.forEach((name, value) -> all.put(wellFormed(name), wellFormed(value)));
    return all;
  }
}
