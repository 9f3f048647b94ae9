package ai.finks.schemas.glue;

import ai.finks.schemas.wire.WireFormat;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * The wire format of AWS's Glue Schema Registry: a byte 3, a byte for the compression (0 none, 5
 * zlib), the schema version's UUID as 16 big-endian bytes, then Avro. Schemas are named by the
 * topic, as AWS's own serializers name them. What is written here is not compressed: the streams'
 * batches are.
 */
final class GlueWireFormat implements WireFormat {
  private static final byte VERSION = 3;
  private static final byte PLAIN = 0;
  private static final byte ZLIB = 5;
  private static final int HEADER_BYTES = 2 + 2 * Long.BYTES;
  private static final int MAX_UNCOMPRESSED_BYTES = 64 << 20;

  private final GlueRegistry registry;

  GlueWireFormat(GlueRegistry registry) {
    this.registry = registry;
  }

  @Override
  public byte[] header(String topic, String schemaJson) {
    UUID id = registry.register(topic, schemaJson);
    return ByteBuffer.allocate(HEADER_BYTES)
        .put(VERSION)
        .put(PLAIN)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .array();
  }

  @Override
  public int headerLength(byte[] value) {
    return value.length >= HEADER_BYTES
            && value[0] == VERSION
            && (value[1] == PLAIN || value[1] == ZLIB)
        ? HEADER_BYTES
        : -1;
  }

  @Override
  public Optional<String> schemaOf(byte[] header) {
    ByteBuffer id = ByteBuffer.wrap(header, 2, 2 * Long.BYTES);
    return registry.schema(new UUID(id.getLong(), id.getLong()));
  }

  @Override
  public byte @Nullable [] uncompressed(byte[] value) {
    return value[1] == PLAIN ? value : inflate(value);
  }

  private static byte @Nullable [] inflate(byte[] value) {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(value, HEADER_BYTES, value.length - HEADER_BYTES);
      ByteArrayOutputStream plain = new ByteArrayOutputStream(4 * value.length);
      plain.write(value, 0, HEADER_BYTES);
      byte[] chunk = new byte[8192];
      while (!inflater.finished()) {
        int count = inflater.inflate(chunk);
        plain.write(chunk, 0, count);
        // Nothing comes of an input that ends early; and a small one may grow beyond all memory.
        if (count == 0 && !inflater.finished() || plain.size() > MAX_UNCOMPRESSED_BYTES) {
          return null;
        }
      }
      return plain.toByteArray();
    } catch (DataFormatException e) {
      return null;
    } finally {
      inflater.end();
    }
  }
}
