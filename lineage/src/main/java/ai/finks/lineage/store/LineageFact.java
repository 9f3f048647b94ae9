package ai.finks.lineage.store;

import java.util.Map;

/**
 * Something that the store knows.
 *
 * @param name what it is about: a run, a {@code table@snapshot}, an instant, a stream's partition
 * @param values what is known of it: texts and whole numbers
 */
public record LineageFact(String name, Map<String, Object> values) {
  public LineageFact {
    values = Map.copyOf(values);
  }
}
