package ai.finks.schemas.raw;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes raw records as they go onto a stream: a wire format's header, then the Avro binary of the
 * record. Attributes are written in key order, so that equal records have equal bytes. Not
 * thread-safe.
 */
public final class RawRecordEncoder {

  private final byte[] header;
  private byte[] buffer = new byte[1024];
  private int position;
  private @Nullable Map<String, String> lastAttributes;
  private byte[] lastAttributeBytes = {};

  /**
   * @param header what a {@link ai.finks.schemas.wire.WireFormat} gave for {@link
   *     RawRecords#SCHEMA_JSON}
   */
  public RawRecordEncoder(byte[] header) {
    this.header = header.clone();
  }

  /** The record's wire bytes, in an array of their own. */
  public byte[] encode(RawRecord record) {
    position = 0;
    ensure(header.length);
    System.arraycopy(header, 0, buffer, 0, header.length);
    position = header.length;
    text(record.source());
    text(record.entity());
    text(record.runId());
    text(record.batchId());
    number(record.sequence());
    number(record.ingestTimeMicros());
    optional(record.key());
    text(record.contentType());
    bytes(record.payload());
    attributes(record.attributes());
    optional(record.correlationId());
    return Arrays.copyOf(buffer, position);
  }

  private void attributes(Map<String, String> attributes) {
    // The records of a batch share their attributes, so they are mostly those of the last record.
    if (attributes == lastAttributes) {
      ensure(lastAttributeBytes.length);
      System.arraycopy(lastAttributeBytes, 0, buffer, position, lastAttributeBytes.length);
      position += lastAttributeBytes.length;
      return;
    }
    int start = position;
    if (!attributes.isEmpty()) {
      number(attributes.size());
      Map<String, String> ordered = attributes.size() == 1 ? attributes : new TreeMap<>(attributes);
      for (Map.Entry<String, String> entry : ordered.entrySet()) {
        text(entry.getKey());
        text(entry.getValue());
      }
    }
    number(0);
    lastAttributes = attributes;
    lastAttributeBytes = Arrays.copyOfRange(buffer, start, position);
  }

  private void optional(@Nullable String value) {
    if (value == null) {
      number(0);
    } else {
      number(1);
      text(value);
    }
  }

  private void text(String value) {
    bytes(value.getBytes(StandardCharsets.UTF_8));
  }

  private void bytes(byte[] value) {
    number(value.length);
    ensure(value.length);
    System.arraycopy(value, 0, buffer, position, value.length);
    position += value.length;
  }

  private void number(long value) {
    ensure(10);
    long rest = (value << 1) ^ (value >> 63);
    while ((rest & ~0x7FL) != 0) {
      buffer[position++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    buffer[position++] = (byte) rest;
  }

  private void ensure(int more) {
    if (buffer.length - position < more) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, position + more));
    }
  }
}
