package ai.finks.schemas.binding;

import ai.finks.schemas.payload.Lexeme;
import ai.finks.schemas.payload.RecordReader;
import ai.finks.schemas.payload.Slots;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes the key of a raw record from its payload and attributes, as the binding says. Several parts
 * are joined by {@code |}. Not thread-safe: make one per thread.
 */
public final class RawKey {

  private static final char SEPARATOR = '|';

  private final RecordReader reader;
  private final List<Locator> places;
  private final boolean[] trimmed;

  private RawKey(RecordReader reader, List<Locator> places, boolean[] trimmed) {
    this.reader = reader;
    this.places = places;
    this.trimmed = trimmed;
  }

  public static RawKey of(Binding binding) {
    // What Silver trims is trimmed here too: else two spellings of one key part ways.
    boolean[] trimmed = new boolean[binding.rawKey().size()];
    for (int part = 0; part < trimmed.length; part++) {
      Locator place = binding.rawKey().get(part);
      trimmed[part] =
          binding.fields().stream()
              .anyMatch(field -> field.trim() && field.locator().equals(place));
    }
    return new RawKey(RecordReader.ofRecords(binding, binding.rawKey()), binding.rawKey(), trimmed);
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
    StringBuilder key = new StringBuilder();
    for (int part = 0; part < trimmed.length; part++) {
      Slots slots = reader.slots();
      boolean constant = places.get(part).kind() == Locator.Kind.CONSTANT;
      if (!constant && slots.kind(part) != Lexeme.TEXT && slots.kind(part) != Lexeme.NUMBER) {
        return null;
      }
      if (part > 0) {
        key.append(SEPARATOR);
      }
      String text = constant ? places.get(part).text() : slots.text(part);
      key.append(trimmed[part] ? text.strip() : text);
    }
    return key.toString();
  }
}
