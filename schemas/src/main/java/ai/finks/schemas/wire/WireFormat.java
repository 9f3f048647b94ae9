package ai.finks.schemas.wire;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a value on a stream says which Avro schema wrote it: a header in front of the Avro bytes that
 * a schema registry can resolve. Implementations are thread-safe and remember what a registry told
 * them, as what a header names never changes.
 */
public interface WireFormat {

  /**
   * The header of values that a schema writes, after registering it for the topic's values or
   * finding it there.
   *
   * @throws ai.finks.schemas.registry.RegistryUnavailableException when the registry cannot be
   *     asked
   * @throws ai.finks.schemas.registry.SchemaRejectedException when the registry refuses the schema
   */
  byte[] header(String topic, String schemaJson);

  /** Length of the header that a value begins with, or -1 if it begins with none of this format. */
  int headerLength(byte[] value);

  /**
   * The schema that a header names, or empty when the registry does not know it.
   *
   * @param header as long as {@link #headerLength} said
   * @throws ai.finks.schemas.registry.RegistryUnavailableException when the registry cannot be
   *     asked
   */
  Optional<String> schemaOf(byte[] header);

  /**
   * The value with plain Avro behind a header of the same length: the value itself, unless its
   * header says that what follows is compressed. Null when it cannot be uncompressed.
   */
  default byte @Nullable [] uncompressed(byte[] value) {
    return value;
  }
}
