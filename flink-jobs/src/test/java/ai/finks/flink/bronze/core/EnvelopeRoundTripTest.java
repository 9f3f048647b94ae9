package ai.finks.flink.bronze.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.finks.schemas.raw.RawRecord;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EnvelopeRoundTripTest {
  private static final String TOPIC = "fmp.bars.raw.v1";
  private static final String STREAM_ID = "pPbVSBGzQl2Bmf0Qy3SdZw";

  private final EnvelopeEncoder encoder = new EnvelopeEncoder(TOPIC, STREAM_ID, 3);
  private final EnvelopeDecoder decoder = new EnvelopeDecoder();

  static Stream<byte[]> payloads() {
    return Stream.of(
        new byte[0],
        utf8("{\"symbol\":\"AAPL\",\"price\":1.50}"),
        utf8("Zürich, 東京, \uD83D\uDCC8, \u2028, \uFEFF, \uFFFD"),
        utf8("quote \" backslash \\ slash / feed \n return \r tab \t"),
        allControls(),
        bytes(0xff, 0xfe, 0x00),
        bytes(0x80),
        bytes('a', 0xc3),
        bytes(0xc0, 0x80),
        bytes(0xed, 0xa0, 0x80, 0xed, 0xb0, 0x80),
        bytes(0xf4, 0x90, 0x80, 0x80),
        bytes(0xf0, 0x80, 0x80, 0x80),
        bytes(0xe2, 0x82),
        longText(4095, "\uD83D\uDCC8"),
        longText(4096, "€"),
        longText(8191, "\u0001"));
  }

  @ParameterizedTest
  @MethodSource("payloads")
  void payloadComesBackByteForByte(byte[] payload) {
    BronzeEnvelope envelope = roundTrip(record().payload(payload).build(), null);

    assertThat(envelope.record()).isNotNull();
    assertThat(envelope.record().payload()).isEqualTo(payload);
  }

  @ParameterizedTest
  @MethodSource("payloads")
  void payloadIsTextWhereItIsUtf8AndBase64WhereItIsNot(byte[] payload) {
    String line = line(record().payload(payload).build(), null);

    assertThat(line.contains(",\"payload\":")).isEqualTo(isUtf8(payload));
    assertThat(line.contains(",\"payload_base64\":")).isEqualTo(!isUtf8(payload));
  }

  @Property(tries = 2000)
  void anyRecordComesBackAsItWas(@ForAll("records") RawRecord record, @ForAll byte[] kafkaKey) {
    BronzeEnvelope envelope = roundTrip(record, kafkaKey);

    assertThat(envelope.record()).isEqualTo(record);
    assertThat(envelope.kafkaKey()).isEqualTo(kafkaKey);
    assertThat(envelope.topic()).isEqualTo(TOPIC);
    assertThat(envelope.streamId()).isEqualTo(STREAM_ID);
    assertThat(envelope.partition()).isEqualTo(3);
    assertThat(envelope.offset()).isEqualTo(42);
    assertThat(envelope.timestampMillis()).isEqualTo(-1);
    assertThat(envelope.schemaId()).isEqualTo(7);
  }

  @Property(tries = 300)
  void recordsThatShareFieldsAreNotMixedUp(@ForAll("histories") List<RawRecord> records) {
    for (RawRecord record : records) {
      assertThat(roundTrip(record, null).record()).isEqualTo(record);
    }
  }

  @Test
  void keyOfTheStreamIsLeftOutWhereItIsTheRecordsOwn() {
    RawRecord record = record().key("Société").build();

    assertThat(line(record, utf8("Société"))).doesNotContain("kafka_key");
    assertThat(roundTrip(record, utf8("Société")).kafkaKey()).isEqualTo(utf8("Société"));
    assertThat(roundTrip(record, null).kafkaKey()).isNull();
    assertThat(roundTrip(record().build(), new byte[0]).kafkaKey()).isEmpty();
  }

  @Test
  void aLineIsOneLineInAReadableForm() {
    RawRecord record =
        record().key("AAPL").payload(utf8("{\"a\":1}\n")).attributes(Map.of("b", "2")).build();

    assertThat(line(record, utf8("AAPL")))
        .isEqualTo(
            "{\"topic\":\"fmp.bars.raw.v1\",\"stream_id\":\"pPbVSBGzQl2Bmf0Qy3SdZw\","
                + "\"partition\":3,\"offset\":42,\"timestamp\":-1,\"schema_id\":7,"
                + "\"source\":\"fmp\",\"entity\":\"bars\",\"run_id\":\"r1\",\"batch_id\":\"b1\","
                + "\"sequence\":5,\"ingest_time\":1767607871123456,\"key\":\"AAPL\","
                + "\"content_type\":\"application/json\",\"attributes\":{\"b\":\"2\"},"
                + "\"correlation_id\":null,\"payload\":\"{\\\"a\\\":1}\\n\"}\n");
  }

  @Test
  void valueThatIsNoRecordComesBackWithItsReason() {
    BronzeEnvelope corrupt = undecodable(bytes(0, 1, 2, 0xff));
    BronzeEnvelope tombstone = undecodable(null);

    assertThat(corrupt.value()).isEqualTo(bytes(0, 1, 2, 0xff));
    assertThat(corrupt.undecodable()).isEqualTo("CORRUPT");
    assertThat(corrupt.record()).isNull();
    assertThat(tombstone.value()).isNull();
  }

  @Test
  void lineOfSomethingElseIsRefused() {
    byte[] unknownMember = utf8("{\"topic\":\"t\",\"stream_id\":\"s\",\"price\":1}");
    byte[] cut = Arrays.copyOf(utf8(line(record().build(), null)), 40);

    assertThatThrownBy(() -> decoder.decode(unknownMember, 0, unknownMember.length))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("price");
    assertThatThrownBy(() -> decoder.decode(cut, 0, cut.length))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Property
  void numbersAreWrittenInDecimal(@ForAll long number) {
    Bytes out = new Bytes(1);
    out.number(number);

    assertThat(text(out)).isEqualTo(Long.toString(number));
  }

  @Test
  void smallestNumberIsWrittenInDecimal() {
    Bytes out = new Bytes(1);
    out.number(Long.MIN_VALUE);
    out.number(0);
    out.number(Long.MAX_VALUE);

    assertThat(text(out)).isEqualTo(Long.MIN_VALUE + "0" + Long.MAX_VALUE);
  }

  @Provide
  Arbitrary<List<RawRecord>> histories() {
    Arbitrary<String> few = Arbitraries.of("a", "b");
    return Combinators.combine(few, few, few, few, few, few)
        .as(
            (source, run, batch, type, name, correlation) ->
                record()
                    .source(source)
                    .runId(run)
                    .batchId(batch)
                    .contentType(type)
                    .attributes(Map.of(name, "x"))
                    .correlationId(correlation)
                    .build())
        .list()
        .ofSize(12);
  }

  @Provide
  Arbitrary<RawRecord> records() {
    Arbitrary<String> text = unicode();
    return Combinators.combine(
            Combinators.combine(text, text, text, text).as(List::of),
            Arbitraries.longs(),
            Arbitraries.longs(),
            text.injectNull(0.3),
            Arbitraries.maps(text, text).ofMaxSize(4),
            text.injectNull(0.5),
            payload())
        .as(
            (texts, sequence, ingestTime, key, attributes, correlation, payload) ->
                RawRecord.builder()
                    .source(texts.get(0))
                    .entity(texts.get(1))
                    .runId(texts.get(2))
                    .batchId(texts.get(3))
                    .sequence(sequence)
                    .ingestTimeMicros(ingestTime)
                    .key(key)
                    .contentType(texts.get(0))
                    .attributes(attributes)
                    .correlationId(correlation)
                    .payload(payload)
                    .build());
  }

  private static Arbitrary<byte[]> payload() {
    Arbitrary<byte[]> octets = Arbitraries.bytes().array(byte[].class).ofMaxSize(64);
    return Arbitraries.oneOf(octets, unicode().map(EnvelopeRoundTripTest::utf8));
  }

  /** Any code points but lone surrogates, which no UTF-8 text can hold. */
  private static Arbitrary<String> unicode() {
    return Arbitraries.integers()
        .between(0, Character.MAX_CODE_POINT)
        .filter(codePoint -> codePoint < 0xd800 || codePoint > 0xdfff)
        .list()
        .ofMaxSize(12)
        .map(
            codePoints ->
                codePoints.stream().map(Character::toString).collect(Collectors.joining()));
  }

  private static RawRecord.Builder record() {
    return RawRecord.builder()
        .source("fmp")
        .entity("bars")
        .runId("r1")
        .batchId("b1")
        .sequence(5)
        .ingestTimeMicros(1767607871123456L)
        .contentType("application/json")
        .payload(new byte[0]);
  }

  private BronzeEnvelope roundTrip(RawRecord record, byte @Nullable [] kafkaKey) {
    Bytes out = new Bytes(16);
    encoder.record(42, -1, 7, kafkaKey, record, out);
    return decoder.decode(out.array(), 0, out.size());
  }

  private BronzeEnvelope undecodable(byte @Nullable [] value) {
    Bytes out = new Bytes(16);
    encoder.undecodable(42, -1, null, value, "CORRUPT", out);
    return decoder.decode(out.array(), 0, out.size());
  }

  private String line(RawRecord record, byte @Nullable [] kafkaKey) {
    Bytes out = new Bytes(16);
    encoder.record(42, -1, 7, kafkaKey, record, out);
    return text(out);
  }

  private static String text(Bytes bytes) {
    return new String(bytes.array(), 0, bytes.size(), StandardCharsets.UTF_8);
  }

  private static boolean isUtf8(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] bytes(int... octets) {
    byte[] bytes = new byte[octets.length];
    for (int i = 0; i < octets.length; i++) {
      bytes[i] = (byte) octets[i];
    }
    return bytes;
  }

  private static byte[] allControls() {
    byte[] controls = new byte[0x22];
    for (int i = 0; i < controls.length; i++) {
      controls[i] = (byte) i;
    }
    controls[0x21] = 0x7f;
    return controls;
  }

  private static byte[] longText(int prefix, String tail) {
    return utf8("x".repeat(prefix) + tail + "y".repeat(5000));
  }
}
