package ai.finks.schemas.binding;

import ai.finks.schemas.payload.Lexeme;
import ai.finks.schemas.payload.RecordReader;
import ai.finks.schemas.payload.Slots;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes the key of a raw record from its payload and attributes, as the binding says. Several parts
 * are joined by {@code |}. Not thread-safe: make one per thread.
 */
public final class RawKey {

  private static final char SEPARATOR = '|';

  private final RecordReader reader;
  private final int parts;

  private RawKey(RecordReader reader, int parts) {
    this.reader = reader;
    this.parts = parts;
  }

  public static RawKey of(Binding binding) {
    return new RawKey(
        RecordReader.of(binding.format(), binding.rawKey(), Set.of()), binding.rawKey().size());
  }

  /**
   * The key, or null when the payload is broken or a part of the key is absent. Such a record is
   * sent without key; Silver will refuse it with the reason.
   *
   * @param attributes for CSV with {@code header}, the header row
   */
  public @Nullable String extract(byte[] payload, Map<String, String> attributes) {
    if (reader.read(payload, attributes) != null) {
      return null;
    }
    Slots slots = reader.slots();
    if (parts == 1) {
      return isText(slots.kind(0)) ? slots.text(0) : null;
    }
    StringBuilder key = new StringBuilder();
    for (int part = 0; part < parts; part++) {
      if (!isText(slots.kind(part))) {
        return null;
      }
      if (part > 0) {
        key.append(SEPARATOR);
      }
      key.append(slots.chars(), slots.start(part), slots.length(part));
    }
    return key.toString();
  }

  private static boolean isText(Lexeme kind) {
    return kind == Lexeme.TEXT || kind == Lexeme.NUMBER;
  }
}
