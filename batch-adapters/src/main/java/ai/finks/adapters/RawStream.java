package ai.finks.adapters;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The raw stream of a source's entity.
 *
 * @param source for example {@code fmp}
 * @param entity for example {@code bars}
 * @param contentType media type of the payloads
 * @param key takes the natural key from a record
 */
public record RawStream(String source, String entity, String contentType, KeyOf key) {

  /** Takes the natural key from a payload and its attributes. */
  @FunctionalInterface
  public interface KeyOf {

    /** The key, or null when there is none; never throws for bad content. */
    @Nullable String extract(byte[] payload, Map<String, String> attributes);
  }

  /** As users name it, for example {@code fmp.bars}. */
  public String name() {
    return source + "." + entity;
  }
}
