package ai.finks.flink.silver.core;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What became of one record: a row, or reasons to refuse it, or nothing because its binding filters
 * it out. Of a record that its binding explodes, each element becomes one of the three. Reused from
 * record to record; made by {@link SilverPlan#newRefined()}.
 */
public final class Refined {

  private static final int MAX_IDLE_ROWS = 256;
  private static final int MAX_UNKNOWN = 32;

  private final List<Column> columns;
  private final List<SilverRow> spare = new ArrayList<>();
  private final List<SilverRow> rows = new ArrayList<>(1);
  private final List<SilverRow> rowsView = Collections.unmodifiableList(rows);
  private final List<RefusedElement> refused = new ArrayList<>();
  private final List<RefusedElement> refusedView = Collections.unmodifiableList(refused);
  private final List<FieldDrift> drifts = new ArrayList<>();
  private final List<FieldDrift> driftsView = Collections.unmodifiableList(drifts);
  private List<String> unknownFields = List.of();
  private @Nullable List<Refusal> reasons;
  private int element;
  private int filtered;

  Refined(List<Column> columns) {
    this.columns = columns;
    spare.add(new SilverRow(columns));
  }

  void clear() {
    dropRows();
    if (!refused.isEmpty()) {
      refused.clear();
    }
    if (!drifts.isEmpty()) {
      drifts.clear();
    }
    unknownFields = List.of();
    filtered = 0;
    begin(0);
  }

  /** What comes now concerns an element of the record; 0 when it is not exploded. */
  void begin(int nextElement) {
    element = nextElement;
    reasons = null;
  }

  /** An empty row for the present element. */
  SilverRow addRow() {
    SilverRow row = spare.isEmpty() ? new SilverRow(columns) : spare.remove(spare.size() - 1);
    row.clear();
    row.setElement(element);
    rows.add(row);
    return row;
  }

  /** Takes the row back that was added last. */
  void dropRow() {
    spare.add(rows.remove(rows.size() - 1));
  }

  private void dropRows() {
    if (rows.size() > MAX_IDLE_ROWS) {
      rows.subList(MAX_IDLE_ROWS, rows.size()).clear();
    }
    for (int i = rows.size() - 1; i >= 0; i--) {
      spare.add(rows.remove(i));
    }
  }

  /** Refuses the present element, for one more reason. */
  void refuse(Refusal refusal) {
    if (reasons == null) {
      reasons = new ArrayList<>(2);
      refused.add(new RefusedElement(element, Collections.unmodifiableList(reasons)));
    }
    reasons.add(refusal);
  }

  /** Whether there is a reason to refuse the present element. */
  boolean isElementRefused() {
    return reasons != null;
  }

  /** Refuses the whole record instead of its elements, for one reason and for all of theirs. */
  void refuseWhole(Refusal reason) {
    Set<Refusal> all = new LinkedHashSet<>();
    all.add(reason);
    refused.forEach(one -> all.addAll(one.reasons()));
    refused.clear();
    dropRows();
    filtered = 0;
    begin(0);
    all.forEach(this::refuse);
  }

  void filter() {
    filtered++;
  }

  void drifted(FieldDrift drift) {
    if (!drifts.contains(drift)) {
      drifts.add(drift);
    }
  }

  void setUnknownFields(List<String> names) {
    unknownFields = names;
  }

  /** Adds names that an element has and the binding does not know. */
  void addUnknownFields(List<String> names) {
    for (String name : names) {
      if (unknownFields.size() < MAX_UNKNOWN && !unknownFields.contains(name)) {
        unknownFields = new ArrayList<>(unknownFields);
        unknownFields.add(name);
      }
    }
  }

  /** The rows to write; overwritten by the next record. */
  public List<SilverRow> rows() {
    return rowsView;
  }

  /** The record when it is refused; of one that is exploded, the elements that are. */
  public List<RefusedElement> refused() {
    return refusedView;
  }

  /** Every reason of everything that is refused. */
  public List<Refusal> refusals() {
    List<Refusal> all = new ArrayList<>();
    refused.forEach(one -> all.addAll(one.reasons()));
    return all;
  }

  /** Whether the record, or an element of it, is refused. */
  public boolean isRefused() {
    return !refused.isEmpty();
  }

  /** 1 when the binding says that the record does not belong; of one that is exploded, for each. */
  public int filtered() {
    return filtered;
  }

  /** The payload's fields that the binding does not know (at most 32), for counting drift. */
  public List<String> unknownFields() {
    return unknownFields;
  }

  /** The bound fields that vanished from the payload or changed their type. */
  public List<FieldDrift> drifts() {
    return driftsView;
  }
}
