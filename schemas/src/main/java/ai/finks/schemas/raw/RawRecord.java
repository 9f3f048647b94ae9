package ai.finks.schemas.raw;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One untouched payload of a source, in its envelope.
 *
 * <p>Immutable by agreement: the payload array is handed over, not copied, because records are made
 * and read by the million; whoever gets it must not write to it. A record that was decoded cuts its
 * key and payload out of the wire's bytes only when they are asked for; it may go from thread to
 * thread, but not be read by two at once.
 */
public final class RawRecord {

  private final String source;
  private final String entity;
  private final String runId;
  private final String batchId;
  private final long sequence;
  private final long ingestTimeMicros;
  private final String contentType;
  private final Map<String, String> attributes;
  private final @Nullable String correlationId;
  private final byte[] bytes;
  private final int payloadStart;
  private final int payloadEnd;
  private final int keyStart;
  private final int keyEnd;
  private @Nullable String key;
  private byte @Nullable [] payload;

  private RawRecord(Builder builder) {
    this.source = required(builder.source, "source");
    this.entity = required(builder.entity, "entity");
    this.runId = required(builder.runId, "runId");
    this.batchId = required(builder.batchId, "batchId");
    this.sequence = builder.sequence;
    this.ingestTimeMicros = builder.ingestTimeMicros;
    this.key = builder.key;
    this.contentType = required(builder.contentType, "contentType");
    this.attributes = Map.copyOf(builder.attributes);
    this.correlationId = builder.correlationId;
    this.bytes = required(builder.payload, "payload");
    this.payloadStart = builder.payloadStart;
    this.payloadEnd = builder.payloadEnd < 0 ? bytes.length : builder.payloadEnd;
    this.payload = payloadEnd - payloadStart == bytes.length ? bytes : null;
    this.keyStart = builder.keyStart;
    this.keyEnd = builder.keyEnd;
  }

  private static <T> T required(@Nullable T value, String name) {
    return Objects.requireNonNull(value, () -> "a raw record needs its " + name);
  }

  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from this record's values. */
  public Builder toBuilder() {
    return new Builder()
        .source(source)
        .entity(entity)
        .runId(runId)
        .batchId(batchId)
        .sequence(sequence)
        .ingestTimeMicros(ingestTimeMicros)
        .key(key())
        .contentType(contentType)
        .payload(payload())
        .attributes(attributes)
        .correlationId(correlationId);
  }

  public String source() {
    return source;
  }

  public String entity() {
    return entity;
  }

  public String runId() {
    return runId;
  }

  public String batchId() {
    return batchId;
  }

  /** Position in the batch, from 0. */
  public long sequence() {
    return sequence;
  }

  /** UTC microseconds since 1970. */
  public long ingestTimeMicros() {
    return ingestTimeMicros;
  }

  /** The natural key, or null when it could not be extracted. */
  public @Nullable String key() {
    if (key == null && keyEnd > keyStart) {
      key = new String(bytes, keyStart, keyEnd - keyStart, StandardCharsets.US_ASCII);
    }
    return key;
  }

  /** Media type of the payload. */
  public String contentType() {
    return contentType;
  }

  /** The payload as received; the same array each time. */
  public byte[] payload() {
    byte[] cut = payload;
    if (cut == null) {
      cut = Arrays.copyOfRange(bytes, payloadStart, payloadEnd);
      payload = cut;
    }
    return cut;
  }

  /** The array that the payload lies in, from {@link #payloadStart} to {@link #payloadEnd}. */
  public byte[] payloadSource() {
    return bytes;
  }

  /** Where in {@link #payloadSource} the payload begins. */
  public int payloadStart() {
    return payloadStart;
  }

  /** Where in {@link #payloadSource} the payload has ended. */
  public int payloadEnd() {
    return payloadEnd;
  }

  /** How many bytes the payload has. */
  public int payloadLength() {
    return payloadEnd - payloadStart;
  }

  /** Request parameters, header row, file name…; never null, unmodifiable. */
  public Map<String, String> attributes() {
    return attributes;
  }

  public @Nullable String correlationId() {
    return correlationId;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof RawRecord)) {
      return false;
    }
    RawRecord that = (RawRecord) other;
    return sequence == that.sequence
        && ingestTimeMicros == that.ingestTimeMicros
        && source.equals(that.source)
        && entity.equals(that.entity)
        && runId.equals(that.runId)
        && batchId.equals(that.batchId)
        && Objects.equals(key(), that.key())
        && contentType.equals(that.contentType)
        && Arrays.equals(payload(), that.payload())
        && attributes.equals(that.attributes)
        && Objects.equals(correlationId, that.correlationId);
  }

  @Override
  public int hashCode() {
    return Objects.hash(source, entity, batchId, sequence, Arrays.hashCode(payload()));
  }

  /** Names the record without its key, attributes and payload, which may hold personal data. */
  @Override
  public String toString() {
    return String.format(
        "RawRecord{%s.%s, run %s, batch %s, sequence %d, %d bytes}",
        source, entity, runId, batchId, sequence, payloadLength());
  }

  /** Collects a record's values; all but key, attributes and correlation id are required. */
  public static final class Builder {
    private @Nullable String source;
    private @Nullable String entity;
    private @Nullable String runId;
    private @Nullable String batchId;
    private long sequence;
    private long ingestTimeMicros;
    private @Nullable String key;
    private @Nullable String contentType;
    private byte @Nullable [] payload;
    private int payloadStart;
    private int payloadEnd = -1;
    private int keyStart;
    private int keyEnd;
    private Map<String, String> attributes = Map.of();
    private @Nullable String correlationId;

    private Builder() {}

    public Builder source(String value) {
      this.source = value;
      return this;
    }

    public Builder entity(String value) {
      this.entity = value;
      return this;
    }

    public Builder runId(String value) {
      this.runId = value;
      return this;
    }

    public Builder batchId(String value) {
      this.batchId = value;
      return this;
    }

    public Builder sequence(long value) {
      this.sequence = value;
      return this;
    }

    public Builder ingestTimeMicros(long value) {
      this.ingestTimeMicros = value;
      return this;
    }

    public Builder key(@Nullable String value) {
      this.key = value;
      return this;
    }

    public Builder contentType(String value) {
      this.contentType = value;
      return this;
    }

    public Builder payload(byte[] value) {
      this.payload = value;
      this.payloadStart = 0;
      this.payloadEnd = -1;
      return this;
    }

    /** A payload that is part of an array, to be cut out when it is asked for. */
    Builder payloadIn(byte[] bytes, int start, int end) {
      this.payload = bytes;
      this.payloadStart = start;
      this.payloadEnd = end;
      return this;
    }

    /** A key of ASCII characters, at least one, in the array of {@link #payloadIn}. */
    Builder asciiKeyAt(int start, int end) {
      this.keyStart = start;
      this.keyEnd = end;
      return this;
    }

    public Builder attributes(Map<String, String> value) {
      this.attributes = value;
      return this;
    }

    public Builder correlationId(@Nullable String value) {
      this.correlationId = value;
      return this;
    }

    public RawRecord build() {
      return new RawRecord(this);
    }
  }
}
