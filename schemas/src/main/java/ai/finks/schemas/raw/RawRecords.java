package ai.finks.schemas.raw;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.avro.Schema;

/** The Avro schema of {@link RawRecord}. */
public final class RawRecords {

  /** The parsed schema. */
  public static final Schema SCHEMA = load();

  /** The schema as compact JSON, as it is registered. */
  public static final String SCHEMA_JSON = SCHEMA.toString();

  private RawRecords() {}

  private static Schema load() {
    try (InputStream in = RawRecords.class.getResourceAsStream("raw_record.avsc")) {
      if (in == null) {
        throw new IllegalStateException("raw_record.avsc is missing from the class path");
      }
      return new Schema.Parser().parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
