package ai.finks.flink.replay.core;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One changed row, told without personal data: no values but those of keys that are not personal.
 */
public final class RowSample {
  private final String change;
  private final String period;
  private final String source;
  private final TreeMap<String, String> key;
  private final String coordinate;
  private final List<String> fields;

  /**
   * @param change {@code added}, {@code restated} or {@code removed}
   * @param coordinate {@code topic:partition:offset:element} of the row that is given, or removed
   * @param fields the columns that differ, of a restated row
   */
  public RowSample(
      String change,
      String period,
      String source,
      Map<String, String> key,
      String coordinate,
      List<String> fields) {
    this.change = change;
    this.period = period;
    this.source = source;
    this.key = new TreeMap<>(key);
    this.coordinate = coordinate;
    this.fields = List.copyOf(fields);
  }

  public String change() {
    return change;
  }

  public String period() {
    return period;
  }

  public String source() {
    return source;
  }

  public Map<String, String> key() {
    return new TreeMap<>(key);
  }

  public String coordinate() {
    return coordinate;
  }

  public List<String> fields() {
    return fields;
  }
}
