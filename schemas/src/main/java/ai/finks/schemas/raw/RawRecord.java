package ai.finks.schemas.raw;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One untouched payload of a source, in its envelope.
 *
 * <p>Immutable by agreement: the payload array is handed over, not copied, because records are made
 * and read by the million; whoever gets it must not write to it.
 */
public final class RawRecord {

  private final String source;
  private final String entity;
  private final String runId;
  private final String batchId;
  private final long sequence;
  private final long ingestTimeMicros;
  private final @Nullable String key;
  private final String contentType;
  private final byte[] payload;
  private final Map<String, String> attributes;
  private final @Nullable String correlationId;

  private RawRecord(Builder builder) {
    this.source = required(builder.source, "source");
    this.entity = required(builder.entity, "entity");
    this.runId = required(builder.runId, "runId");
    this.batchId = required(builder.batchId, "batchId");
    this.sequence = builder.sequence;
    this.ingestTimeMicros = builder.ingestTimeMicros;
    this.key = builder.key;
    this.contentType = required(builder.contentType, "contentType");
    this.payload = required(builder.payload, "payload");
    this.attributes = Map.copyOf(builder.attributes);
    this.correlationId = builder.correlationId;
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
        .key(key)
        .contentType(contentType)
        .payload(payload)
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
    return key;
  }

  /** Media type of the payload. */
  public String contentType() {
    return contentType;
  }

  /** The payload as received; not a copy. */
  public byte[] payload() {
    return payload;
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
        && Objects.equals(key, that.key)
        && contentType.equals(that.contentType)
        && Arrays.equals(payload, that.payload)
        && attributes.equals(that.attributes)
        && Objects.equals(correlationId, that.correlationId);
  }

  @Override
  public int hashCode() {
    return Objects.hash(source, entity, batchId, sequence, Arrays.hashCode(payload));
  }

  /** Names the record without its key, attributes and payload, which may hold personal data. */
  @Override
  public String toString() {
    return String.format(
        "RawRecord{%s.%s, run %s, batch %s, sequence %d, %d bytes}",
        source, entity, runId, batchId, sequence, payload.length);
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
