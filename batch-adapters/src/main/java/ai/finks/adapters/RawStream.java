package ai.finks.adapters;

import ai.finks.schemas.binding.Binding;
import ai.finks.schemas.binding.Format;
import ai.finks.schemas.binding.Locator;
import ai.finks.schemas.binding.RawKey;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The raw stream of a source's entity.
 *
 * @param source for example {@code fmp}
 * @param entity for example {@code bars}
 * @param contentType media type of the payloads
 * @param key takes the natural key from a record
 * @param keyColumns columns that a CSV header must have for that
 */
public record RawStream(
    String source, String entity, String contentType, KeyOf key, List<String> keyColumns) {

  /** A stream whose key needs no certain column. */
  public RawStream(String source, String entity, String contentType, KeyOf key) {
    this(source, entity, contentType, key, List.of());
  }

  /** Media type of a line of comma-separated values. */
  public static final String CSV = "text/csv";

  /** Media type of a JSON value. */
  public static final String JSON = "application/json";

  /** Media type of an XML document. */
  public static final String XML = "application/xml";

  /** Takes the natural key from a payload and its attributes. */
  @FunctionalInterface
  public interface KeyOf {

    /** The key, or null when there is none; never throws for bad content. */
    @Nullable String extract(byte[] payload, Map<String, String> attributes);
  }

  /** The stream of a binding. */
  public static RawStream of(Binding binding) {
    boolean csv = binding.format() == Format.CSV;
    // A key reader keeps what it read last, so each thread has one.
    ThreadLocal<RawKey> keys = ThreadLocal.withInitial(() -> RawKey.of(binding));
    return new RawStream(
        binding.source(),
        binding.entity(),
        contentType(binding.format()),
        (payload, attributes) -> keys.get().extract(payload, attributes),
        csv ? keyColumns(binding) : List.of());
  }

  private static String contentType(Format format) {
    return switch (format) {
      case CSV -> CSV;
      case JSON -> JSON;
      case XML -> XML;
    };
  }

  private static List<String> keyColumns(Binding binding) {
    return binding.rawKey().stream()
        .filter(part -> part.kind() == Locator.Kind.COLUMN)
        .map(Locator::text)
        .toList();
  }

  /** As users name it, for example {@code fmp.bars}. */
  public String name() {
    return source + "." + entity;
  }
}
