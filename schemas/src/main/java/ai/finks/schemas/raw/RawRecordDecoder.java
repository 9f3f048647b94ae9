package ai.finks.schemas.raw;

import ai.finks.schemas.registry.RegistryClient;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.jspecify.annotations.Nullable;

/**
 * Reads raw records from Confluent's wire format.
 *
 * <p>Records written with our schema are parsed by hand; those of other writers are resolved by
 * Avro's rules. Bytes that are not a record are a value ({@link Undecodable}), never an exception;
 * only an unreachable registry throws ({@link
 * ai.finks.schemas.registry.RegistryUnavailableException}), because guessing would quarantine good
 * records. Not thread-safe: make one per task.
 */
public final class RawRecordDecoder {

  /** Unknown ids are remembered so that hostile ids do not turn into a request each. */
  private static final int MAX_REMEMBERED_UNKNOWN_IDS = 10_000;

  private static final String OUR_FORM = SchemaNormalization.toParsingForm(RawRecords.SCHEMA);

  private final RegistryClient registry;
  private final OwnSchemaReader own = new OwnSchemaReader();
  private final Map<Integer, Writer> writers = new HashMap<>();
  private int unknownIds;
  private int lastId;
  private @Nullable Writer lastWriter;

  public RawRecordDecoder(RegistryClient registry) {
    this.registry = registry;
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
    if (wire.length < 5 || wire[0] != 0) {
      return DecodedRecord.undecodable(Undecodable.NOT_WIRE_FORMAT);
    }
    int id =
        (wire[1] & 0xFF) << 24 | (wire[2] & 0xFF) << 16 | (wire[3] & 0xFF) << 8 | (wire[4] & 0xFF);
    Writer writer = writer(id);
    if (writer.problem != null) {
      return DecodedRecord.undecodable(writer.problem);
    }
    RawRecord record = writer.resolver == null ? own.read(wire, 5) : writer.resolver.read(wire, 5);
    return record == null
        ? DecodedRecord.undecodable(Undecodable.CORRUPT)
        : DecodedRecord.of(record);
  }

  private Writer writer(int id) {
    Writer writer = lastWriter;
    if (writer != null && lastId == id) {
      return writer;
    }
    writer = writers.get(id);
    if (writer == null) {
      writer = lookUp(id);
      writers.put(id, writer);
    }
    lastId = id;
    lastWriter = writer;
    return writer;
  }

  private Writer lookUp(int id) {
    Optional<String> json = registry.schemaById(id);
    if (json.isEmpty()) {
      if (++unknownIds > MAX_REMEMBERED_UNKNOWN_IDS) {
        writers.values().removeIf(known -> known.problem == Undecodable.UNKNOWN_SCHEMA);
        unknownIds = 1;
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

  /** What a schema id stands for. */
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
