package ai.finks.flink.silver.redrive;

import ai.finks.flink.silver.core.Refined;
import ai.finks.flink.silver.core.RefusedElement;
import ai.finks.schemas.raw.RawRecord;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.data.Record;

/**
 * A record of the quarantine as it came, with what was refused of it: itself, or elements of it.
 */
final class RefusedRecord {
  private final RawRecord record;
  private final Map<Integer, Set<String>> codes = new HashMap<>();

  RefusedRecord(RawRecord record) {
    this.record = record;
  }

  RawRecord record() {
    return record;
  }

  /** Takes a row of the quarantine: the record, or an element of it, and why it was refused. */
  void addRefused(Record row) {
    Set<String> reasons = new HashSet<>();
    ((List<?>) row.getField("reasons"))
        .forEach(reason -> reasons.add((String) ((Record) reason).getField("code")));
    codes.put((Integer) row.getField("_element"), reasons);
  }

  /**
   * Whether sending the record brings anything: one of its refused elements is refused no more, or
   * rows come of it and none of the reasons for which its first element, or the whole of it, was
   * refused is left. The elements that are refused still come to quarantine anew.
   *
   * @param now what contract and binding of now make of the record
   */
  boolean isMended(Refined now) {
    for (Map.Entry<Integer, Set<String>> refused : codes.entrySet()) {
      Set<String> still = codesNow(now, refused.getKey());
      boolean others = !still.isEmpty() && still.stream().noneMatch(refused.getValue()::contains);
      if (still.isEmpty() || (others && !now.rows().isEmpty())) {
        return true;
      }
    }
    return false;
  }

  private static Set<String> codesNow(Refined now, int element) {
    Set<String> codes = new HashSet<>();
    for (RefusedElement refused : now.refused()) {
      if (refused.element() == element) {
        refused.reasons().forEach(reason -> codes.add(reason.code().name()));
      }
    }
    return codes;
  }
}
