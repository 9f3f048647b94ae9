package ai.finks.flink.silver.core;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What became of one record: rows, or refusals, or nothing because its binding filters it out.
 * Reused from record to record; made by {@link SilverPlan#newRefined()}.
 */
public final class Refined {

  private final SilverRow row;
  private final List<SilverRow> rows = new ArrayList<>(1);
  private final List<SilverRow> rowsView = Collections.unmodifiableList(rows);
  private final List<Refusal> refusals = new ArrayList<>();
  private final List<Refusal> refusalsView = Collections.unmodifiableList(refusals);
  private final List<FieldDrift> drifts = new ArrayList<>();
  private final List<FieldDrift> driftsView = Collections.unmodifiableList(drifts);
  private List<String> unknownFields = List.of();
  private boolean filtered;

  Refined(List<Column> columns) {
    this.row = new SilverRow(columns);
  }

  void clear() {
    rows.clear();
    refusals.clear();
    drifts.clear();
    unknownFields = List.of();
    filtered = false;
  }

  SilverRow addRow() {
    row.clear();
    rows.add(row);
    return row;
  }

  void refuse(Refusal refusal) {
    refusals.add(refusal);
  }

  void drifted(FieldDrift drift) {
    if (!drifts.contains(drift)) {
      drifts.add(drift);
    }
  }

  void setUnknownFields(List<String> names) {
    unknownFields = names;
  }

  /** The rows to write; overwritten by the next record. Empty when the record is refused. */
  public List<SilverRow> rows() {
    return rowsView;
  }

  /** Every reason to refuse the record; empty when it is not. */
  public List<Refusal> refusals() {
    return refusalsView;
  }

  public boolean isRefused() {
    return !refusals.isEmpty();
  }

  /** Whether the binding says that the record does not belong here. */
  public boolean filtered() {
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
