package ai.finks.flink.silver.function;

import ai.finks.flink.silver.core.FieldDrift;
import ai.finks.flink.silver.core.Refined;
import ai.finks.flink.table.DriftCounts;
import java.util.TreeMap;

/**
 * In how many records of the current range the source's fields were not as known. Bounded: at most
 * {@value #MAX_FIELDS} fields are told apart, the others are one.
 */
public final class RangeDrift {
  static final int MAX_FIELDS = 64;

  private final TreeMap<DriftCounts.Key, Long> fields = new TreeMap<>();
  private long records;

  /** Counts a record. */
  public void count(Refined record) {
    if (record.unknownFields().isEmpty() && record.drifts().isEmpty()) {
      return;
    }
    records++;
    for (String name : record.unknownFields()) {
      count(DriftCounts.Kind.UNKNOWN, name);
    }
    for (FieldDrift drift : record.drifts()) {
      count(
          drift.kind() == FieldDrift.Kind.TYPE ? DriftCounts.Kind.TYPE : DriftCounts.Kind.VANISHED,
          drift.field());
    }
  }

  private void count(DriftCounts.Kind kind, String field) {
    DriftCounts.Key key = new DriftCounts.Key(kind, field);
    if (fields.size() >= MAX_FIELDS && !fields.containsKey(key)) {
      key = new DriftCounts.Key(kind, DriftCounts.OTHERS);
    }
    fields.merge(key, 1L, Long::sum);
  }

  /** The counts so far; counting begins again at zero. */
  DriftCounts take() {
    if (records == 0) {
      return DriftCounts.none();
    }
    DriftCounts taken = DriftCounts.of(records, fields);
    fields.clear();
    records = 0;
    return taken;
  }
}
