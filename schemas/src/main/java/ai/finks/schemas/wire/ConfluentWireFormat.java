package ai.finks.schemas.wire;

import ai.finks.schemas.Topics;
import ai.finks.schemas.registry.RegistryClient;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Confluent's wire format: a zero byte and the schema's id as four big-endian bytes. Subjects are
 * named by the topic: {@code <topic>-value}.
 */
public final class ConfluentWireFormat implements WireFormat {
  private static final byte MAGIC = 0;
  private static final int HEADER_BYTES = 1 + Integer.BYTES;

  private final RegistryClient registry;

  public ConfluentWireFormat(RegistryClient registry) {
    this.registry = registry;
  }

  /** The header of a schema whose id is known. */
  public static byte[] header(int schemaId) {
    return ByteBuffer.allocate(HEADER_BYTES).put(MAGIC).putInt(schemaId).array();
  }

  @Override
  public byte[] header(String topic, String schemaJson) {
    return header(registry.register(Topics.subject(topic), schemaJson));
  }

  @Override
  public int headerLength(byte[] value) {
    return value.length >= HEADER_BYTES && value[0] == MAGIC ? HEADER_BYTES : -1;
  }

  @Override
  public Optional<String> schemaOf(byte[] header) {
    return registry.schemaById(ByteBuffer.wrap(header).getInt(1));
  }
}
