package ai.finks.flink.bronze.core;

import ai.finks.schemas.raw.RawRecord;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes what one partition of a stream holds as lines of Bronze.
 *
 * <p>A line is a JSON object: the coordinates {@code topic, stream_id, partition, offset}, the
 * stream's {@code timestamp} (milliseconds), {@code schema_id}, then the fields of the raw record
 * under their Avro names and in their Avro units ({@code ingest_time} in microseconds). The payload
 * is {@code payload}, a string whose UTF-8 form is the payload byte for byte, or {@code
 * payload_base64} where the payload is not UTF-8. The key of the stream's record is left out where
 * it is the raw record's own key, else it is {@code kafka_key_base64}.
 *
 * <p>A value that is no raw record has {@code undecodable} (the reason) and {@code value_base64}
 * (null for a value that was not there) instead of the record's fields.
 *
 * <p>Fields that repeat from record to record are rendered once. Not thread-safe.
 */
public final class EnvelopeEncoder {
  private static final byte[] TIMESTAMP = ascii(",\"timestamp\":");
  private static final byte[] SCHEMA_ID = ascii(",\"schema_id\":");
  private static final byte[] SEQUENCE = ascii(",\"sequence\":");
  private static final byte[] INGEST_TIME = ascii(",\"ingest_time\":");
  private static final byte[] KEY = ascii(",\"key\":");
  private static final byte[] KAFKA_KEY = ascii(",\"kafka_key_base64\":");
  private static final byte[] PAYLOAD = ascii(",\"payload\":\"");
  private static final byte[] PAYLOAD_BASE64 = ascii(",\"payload_base64\":");
  private static final byte[] UNDECODABLE = ascii(",\"undecodable\":");
  private static final byte[] VALUE_BASE64 = ascii(",\"value_base64\":");
  private static final byte[] NULL = ascii("null");
  private static final byte[] END = ascii("}\n");

  private final byte[] prefix;
  private final Rendered run = new Rendered();
  private final Rendered context = new Rendered();
  private String source = "";
  private String entity = "";
  private String runId = "";
  private String batchId = "";
  private String contentType = "";
  private Map<String, String> attributes = Map.of();
  private @Nullable String correlationId;

  public EnvelopeEncoder(String topic, String streamId, int partition) {
    Bytes out = new Bytes(256);
    out.append(ascii("{\"topic\":"));
    string(topic, out);
    out.append(ascii(",\"stream_id\":"));
    string(streamId, out);
    out.append(ascii(",\"partition\":"));
    out.number(partition);
    out.append(ascii(",\"offset\":"));
    this.prefix = Arrays.copyOf(out.array(), out.size());
  }

  /**
   * Appends one line.
   *
   * @param timestampMillis the stream's timestamp of the record
   * @param kafkaKey the key of the stream's record, null where it has none
   */
  public void record(
      long offset,
      long timestampMillis,
      int schemaId,
      byte @Nullable [] kafkaKey,
      RawRecord record,
      Bytes out) {
    start(offset, timestampMillis, out);
    out.append(SCHEMA_ID);
    out.number(schemaId);
    run(record, out);
    out.append(SEQUENCE);
    out.number(record.sequence());
    out.append(INGEST_TIME);
    out.number(record.ingestTimeMicros());
    keys(record.key(), kafkaKey, out);
    context(record, out);
    payload(record.payload(), out);
    out.append(END);
  }

  /** Appends the line of a value that is no raw record. */
  public void undecodable(
      long offset,
      long timestampMillis,
      byte @Nullable [] kafkaKey,
      byte @Nullable [] value,
      String reason,
      Bytes out) {
    start(offset, timestampMillis, out);
    out.append(UNDECODABLE);
    string(reason, out);
    out.append(KAFKA_KEY);
    base64(kafkaKey, out);
    out.append(VALUE_BASE64);
    base64(value, out);
    out.append(END);
  }

  private void start(long offset, long timestampMillis, Bytes out) {
    out.append(prefix);
    out.number(offset);
    out.append(TIMESTAMP);
    out.number(timestampMillis);
  }

  private void run(RawRecord record, Bytes out) {
    if (!run.isReady()
        || !batchId.equals(record.batchId())
        || !runId.equals(record.runId())
        || !entity.equals(record.entity())
        || !source.equals(record.source())) {
      source = record.source();
      entity = record.entity();
      runId = record.runId();
      batchId = record.batchId();
      Bytes to = run.begin();
      member(",\"source\":", source, to);
      member(",\"entity\":", entity, to);
      member(",\"run_id\":", runId, to);
      member(",\"batch_id\":", batchId, to);
    }
    run.appendTo(out);
  }

  private void context(RawRecord record, Bytes out) {
    if (!context.isReady()
        || !attributes.equals(record.attributes())
        || !contentType.equals(record.contentType())
        || !Objects.equals(correlationId, record.correlationId())) {
      contentType = record.contentType();
      attributes = record.attributes();
      correlationId = record.correlationId();
      Bytes to = context.begin();
      member(",\"content_type\":", contentType, to);
      to.append(ascii(",\"attributes\":{"));
      boolean first = true;
      for (Map.Entry<String, String> attribute : new TreeMap<>(attributes).entrySet()) {
        if (!first) {
          to.octet(',');
        }
        first = false;
        string(attribute.getKey(), to);
        to.octet(':');
        string(attribute.getValue(), to);
      }
      to.octet('}');
      member(",\"correlation_id\":", correlationId, to);
    }
    context.appendTo(out);
  }

  private static void keys(@Nullable String key, byte @Nullable [] kafkaKey, Bytes out) {
    out.append(KEY);
    if (key == null) {
      out.append(NULL);
    } else {
      byte[] utf8 = key.getBytes(StandardCharsets.UTF_8);
      quoted(utf8, out);
      if (Arrays.equals(utf8, kafkaKey)) {
        return;
      }
    }
    out.append(KAFKA_KEY);
    base64(kafkaKey, out);
  }

  private static void payload(byte[] payload, Bytes out) {
    int before = out.size();
    out.append(PAYLOAD);
    if (JsonText.write(payload, 0, payload.length, out)) {
      out.octet('"');
    } else {
      out.cutTo(before);
      out.append(PAYLOAD_BASE64);
      base64(payload, out);
    }
  }

  private static void member(String nameAndColon, @Nullable String value, Bytes out) {
    out.append(ascii(nameAndColon));
    if (value == null) {
      out.append(NULL);
    } else {
      string(value, out);
    }
  }

  private static void string(String value, Bytes out) {
    quoted(value.getBytes(StandardCharsets.UTF_8), out);
  }

  private static void quoted(byte[] utf8, Bytes out) {
    out.octet('"');
    if (!JsonText.write(utf8, 0, utf8.length, out)) {
      throw new IllegalStateException("A string's own UTF-8 form was refused");
    }
    out.octet('"');
  }

  private static void base64(byte @Nullable [] bytes, Bytes out) {
    if (bytes == null) {
      out.append(NULL);
      return;
    }
    out.octet('"');
    out.append(Base64.getEncoder().encode(bytes));
    out.octet('"');
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** A piece of a line that is kept for the next line. */
  private static final class Rendered {
    private final Bytes bytes = new Bytes(256);

    boolean isReady() {
      return bytes.size() > 0;
    }

    Bytes begin() {
      bytes.cutTo(0);
      return bytes;
    }

    void appendTo(Bytes out) {
      out.append(bytes.array(), 0, bytes.size());
    }
  }
}
