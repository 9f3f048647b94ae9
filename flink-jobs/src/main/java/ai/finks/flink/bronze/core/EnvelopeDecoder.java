package ai.finks.flink.bronze.core;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads lines that {@link EnvelopeEncoder} wrote. Thread-safe. */
public final class EnvelopeDecoder {
  /** Payloads have no bound of ours, so the parser's guards against long texts are off. */
  private final JsonFactory json =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  /**
   * Reads one line, with or without its line feed.
   *
   * @throws IllegalArgumentException where the line is not one of Bronze's: unknown members
   *     included
   */
  public BronzeEnvelope decode(byte[] line, int at, int length) {
    try (JsonParser parser = json.createParser(line, at, length)) {
      expect(parser.nextToken(), JsonToken.START_OBJECT);
      EnvelopeFields fields = new EnvelopeFields();
      KeyRead key = new KeyRead();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String member = parser.currentName();
        parser.nextToken();
        if (!coordinate(member, parser, fields) && !recordField(member, parser, fields, key)) {
          throw new IllegalArgumentException("A line of Bronze has an unknown member " + member);
        }
      }
      expect(parser.currentToken(), JsonToken.END_OBJECT);
      if (!key.kafkaKeySaid && key.text != null) {
        fields.kafkaKey = key.text.getBytes(StandardCharsets.UTF_8);
      }
      return new BronzeEnvelope(fields);
    } catch (IOException e) {
      throw new IllegalArgumentException("A line of Bronze is not JSON: " + e.getMessage(), e);
    }
  }

  private static boolean coordinate(String member, JsonParser parser, EnvelopeFields fields)
      throws IOException {
    switch (member) {
      case "topic":
        fields.topic = parser.getText();
        return true;
      case "stream_id":
        fields.streamId = parser.getText();
        return true;
      case "partition":
        fields.partition = parser.getIntValue();
        return true;
      case "offset":
        fields.offset = parser.getLongValue();
        return true;
      case "timestamp":
        fields.timestampMillis = parser.getLongValue();
        return true;
      case "schema_id":
        fields.schemaId = parser.getIntValue();
        return true;
      case "undecodable":
        fields.undecodable = parser.getText();
        return true;
      case "value_base64":
        fields.value = binary(parser);
        return true;
      default:
        return false;
    }
  }

  private static boolean recordField(
      String member, JsonParser parser, EnvelopeFields fields, KeyRead key) throws IOException {
    switch (member) {
      case "source":
        fields.record.source(parser.getText());
        return true;
      case "entity":
        fields.record.entity(parser.getText());
        return true;
      case "run_id":
        fields.record.runId(parser.getText());
        return true;
      case "batch_id":
        fields.record.batchId(parser.getText());
        return true;
      case "sequence":
        fields.record.sequence(parser.getLongValue());
        return true;
      case "ingest_time":
        fields.record.ingestTimeMicros(parser.getLongValue());
        return true;
      case "key":
        key.text = text(parser);
        fields.record.key(key.text);
        return true;
      case "kafka_key_base64":
        key.kafkaKeySaid = true;
        fields.kafkaKey = binary(parser);
        return true;
      case "content_type":
        fields.record.contentType(parser.getText());
        return true;
      case "attributes":
        fields.record.attributes(attributes(parser));
        return true;
      case "correlation_id":
        fields.record.correlationId(text(parser));
        return true;
      case "payload":
        fields.record.payload(parser.getText().getBytes(StandardCharsets.UTF_8));
        return true;
      case "payload_base64":
        fields.record.payload(parser.getBinaryValue());
        return true;
      default:
        return false;
    }
  }

  private static Map<String, String> attributes(JsonParser parser) throws IOException {
    expect(parser.currentToken(), JsonToken.START_OBJECT);
    Map<String, String> attributes = new HashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      expect(parser.nextToken(), JsonToken.VALUE_STRING);
      attributes.put(name, parser.getText());
    }
    return attributes;
  }

  private static @Nullable String text(JsonParser parser) throws IOException {
    return parser.currentToken() == JsonToken.VALUE_NULL ? null : parser.getText();
  }

  private static byte @Nullable [] binary(JsonParser parser) throws IOException {
    return parser.currentToken() == JsonToken.VALUE_NULL ? null : parser.getBinaryValue();
  }

  private static void expect(@Nullable JsonToken found, JsonToken wanted) {
    if (found != wanted) {
      throw new IllegalArgumentException("A line of Bronze has " + found + " where " + wanted);
    }
  }

  /** The two forms of the key, which are put together at the end of the line. */
  private static final class KeyRead {
    @Nullable String text;
    boolean kafkaKeySaid;
  }
}
