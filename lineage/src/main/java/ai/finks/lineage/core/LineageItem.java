package ai.finks.lineage.core;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * One item of the store, within what DynamoDB takes: texts that are too long are cut, and those
 * that do not fit at all are left out.
 *
 * @param partition the partition key
 * @param sort the sort key
 * @param values its other attributes: texts and whole numbers
 * @param surest whether one that is there already knows no less, and is left as it is
 */
public record LineageItem(
    String partition, String sort, Map<String, Object> values, boolean surest) {
  private static final int MOST_PARTITION_BYTES = 2048;
  private static final int MOST_SORT_BYTES = 1024;
  private static final int MOST_TEXT = 20_000;

  /** Of the 400 KB that an item may have; a character takes up to three bytes. */
  private static final int MOST_TEXTS = 100_000;

  /**
   * @throws MalformedEventException if a key is too long
   */
  public LineageItem {
    check(partition, MOST_PARTITION_BYTES);
    check(sort, MOST_SORT_BYTES);
    values = bounded(values);
  }

  private static void check(String key, int most) {
    if (key.getBytes(StandardCharsets.UTF_8).length > most) {
      throw new MalformedEventException("a name in it has more than " + most + " bytes");
    }
  }

  private static Map<String, Object> bounded(Map<String, Object> values) {
    Map<String, Object> bounded = new TreeMap<>();
    int texts = 0;
    for (Map.Entry<String, Object> value : new TreeMap<>(values).entrySet()) {
      Object fitting = value.getValue();
      if (fitting instanceof String text && text.length() > MOST_TEXT) {
        fitting = text.substring(0, MOST_TEXT) + " … (" + text.length() + " characters)";
      }
      texts += value.getKey().length() + fitting.toString().length();
      if (texts <= MOST_TEXTS) {
        bounded.put(value.getKey(), fitting);
      }
    }
    return bounded;
  }

  static LineageItem of(String partition, String sort, Map<String, Object> values) {
    return new LineageItem(partition, sort, values, true);
  }
}
