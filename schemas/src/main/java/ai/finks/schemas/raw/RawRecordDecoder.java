package ai.finks.schemas.raw;

import ai.finks.schemas.wire.WireFormat;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.jspecify.annotations.Nullable;

/**
 * Reads raw records from a stream's values, in the wire format of the registry in use.
 *
 * <p>Records written with our schema are parsed by hand; those of other writers are resolved by
 * Avro's rules. Bytes that are not a record are a value ({@link Undecodable}), never an exception;
 * only an unreachable registry throws ({@link
 * ai.finks.schemas.registry.RegistryUnavailableException}), because guessing would quarantine good
 * records. Not thread-safe: make one per task.
 */
public final class RawRecordDecoder {

  /** Unknown headers are remembered so that hostile ones do not turn into a request each. */
  private static final int MAX_REMEMBERED_UNKNOWN = 10_000;

  private static final String OUR_FORM = SchemaNormalization.toParsingForm(RawRecords.SCHEMA);

  private final WireFormat format;
  private final OwnSchemaReader own = new OwnSchemaReader();
  private final Map<ByteBuffer, Writer> writers = new HashMap<>();
  private int unknown;
  private byte[] lastHeader = {};
  private @Nullable Writer lastWriter;

  public RawRecordDecoder(WireFormat format) {
    this.format = format;
  }

  /**
   * Decodes one value.
   *
   * @param wire the value's bytes, or null for a tombstone
   */
  public DecodedRecord decode(byte @Nullable [] wire) {
    if (wire == null || wire.length == 0) {
      return DecodedRecord.undecodable(Undecodable.EMPTY);
    }
    int headerLength = format.headerLength(wire);
    if (headerLength < 0) {
      return DecodedRecord.undecodable(Undecodable.NOT_WIRE_FORMAT);
    }
    Writer writer = writer(wire, headerLength);
    if (writer.problem != null) {
      return DecodedRecord.undecodable(writer.problem);
    }
    byte[] plain = format.uncompressed(wire);
    if (plain == null) {
      return DecodedRecord.undecodable(Undecodable.CORRUPT);
    }
    RawRecord record =
        writer.resolver == null
            ? own.read(plain, headerLength)
            : writer.resolver.read(plain, headerLength);
    return record == null
        ? DecodedRecord.undecodable(Undecodable.CORRUPT)
        : DecodedRecord.of(record);
  }

  private Writer writer(byte[] wire, int headerLength) {
    Writer writer = lastWriter;
    if (writer != null && Arrays.equals(wire, 0, headerLength, lastHeader, 0, lastHeader.length)) {
      return writer;
    }
    byte[] header = Arrays.copyOf(wire, headerLength);
    ByteBuffer key = ByteBuffer.wrap(header);
    writer = writers.get(key);
    if (writer == null) {
      writer = lookUp(header);
      writers.put(key, writer);
    }
    lastHeader = header;
    lastWriter = writer;
    return writer;
  }

  private Writer lookUp(byte[] header) {
    Optional<String> json = format.schemaOf(header);
    if (json.isEmpty()) {
      if (++unknown > MAX_REMEMBERED_UNKNOWN) {
        writers.values().removeIf(known -> known.problem == Undecodable.UNKNOWN_SCHEMA);
        unknown = 1;
      }
      return Writer.unusable(Undecodable.UNKNOWN_SCHEMA);
    }
    try {
      Schema schema = new Schema.Parser().parse(json.get());
      if (SchemaNormalization.toParsingForm(schema).equals(OUR_FORM)) {
        return Writer.own();
      }
      return Writer.other(new OtherSchemaReader(schema));
    } catch (RuntimeException e) {
      // Avro refuses a schema with exceptions of many kinds; each means that it does not fit ours.
      return Writer.unusable(Undecodable.INCOMPATIBLE_SCHEMA);
    }
  }

  /** What a header stands for. */
  private static final class Writer {
    final @Nullable OtherSchemaReader resolver;
    final @Nullable Undecodable problem;

    private Writer(@Nullable OtherSchemaReader resolver, @Nullable Undecodable problem) {
      this.resolver = resolver;
      this.problem = problem;
    }

    static Writer own() {
      return new Writer(null, null);
    }

    static Writer other(OtherSchemaReader resolver) {
      return new Writer(resolver, null);
    }

    static Writer unusable(Undecodable problem) {
      return new Writer(null, problem);
    }
  }
}
