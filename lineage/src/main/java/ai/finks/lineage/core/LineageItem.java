package ai.finks.lineage.core;

import java.util.Map;
import java.util.TreeMap;

/**
 * One item of the store.
 *
 * @param partition the partition key
 * @param sort the sort key
 * @param values its other attributes: texts and whole numbers
 * @param surest whether one that is there already knows no less, and is left as it is
 */
public record LineageItem(
    String partition, String sort, Map<String, Object> values, boolean surest) {
  public LineageItem {
    values = new TreeMap<>(values);
  }

  static LineageItem of(String partition, String sort, Map<String, Object> values) {
    return new LineageItem(partition, sort, values, true);
  }
}
