package ai.finks.schemas.raw;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.AvroTypeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;

/** Reads raw records that another version of the schema wrote, by Avro's resolution rules. */
final class OtherSchemaReader {

  private final Schema writer;
  private final GenericDatumReader<GenericRecord> reader;
  private final AvroBounds bounds = new AvroBounds();
  private @Nullable BinaryDecoder decoder;

  /**
   * Prepares for a writer's schema.
   *
   * @throws AvroTypeException when it cannot be read as a raw record
   */
  OtherSchemaReader(Schema writer) {
    SchemaCompatibilityType compatibility =
        SchemaCompatibility.checkReaderWriterCompatibility(RawRecords.SCHEMA, writer).getType();
    if (compatibility != SchemaCompatibilityType.COMPATIBLE) {
      throw new AvroTypeException("not readable as a raw record: " + writer.getFullName());
    }
    this.writer = writer;
    this.reader = new GenericDatumReader<>(writer, RawRecords.SCHEMA);
  }

  /** The record that starts at an offset, or null when the bytes are not exactly one record. */
  @Nullable RawRecord read(byte[] bytes, int offset) {
    // Avro allocates what a length promises, so lengths are checked before it sees them.
    if (!bounds.holds(writer, bytes, offset)) {
      return null;
    }
    try {
      decoder = DecoderFactory.get().binaryDecoder(bytes, offset, bytes.length - offset, decoder);
      return record(reader.read(null, decoder));
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }

  private static RawRecord record(GenericRecord in) {
    ByteBuffer buffer = (ByteBuffer) in.get("payload");
    byte[] payload = new byte[buffer.remaining()];
    buffer.get(payload);
    Map<String, String> attributes = new HashMap<>();
    for (Map.Entry<?, ?> entry : ((Map<?, ?>) in.get("attributes")).entrySet()) {
      attributes.put(String.valueOf(entry.getKey()), String.valueOf(entry.getValue()));
    }
    return RawRecord.builder()
        .source(in.get("source").toString())
        .entity(in.get("entity").toString())
        .runId(in.get("run_id").toString())
        .batchId(in.get("batch_id").toString())
        .sequence((Long) in.get("sequence"))
        .ingestTimeMicros((Long) in.get("ingest_time"))
        .key(text(in.get("key")))
        .contentType(in.get("content_type").toString())
        .payload(payload)
        .attributes(attributes)
        .correlationId(text(in.get("correlation_id")))
        .build();
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }
}
