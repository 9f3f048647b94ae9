package ai.finks.flink.replay.core;

import ai.finks.flink.silver.core.RecordCoordinate;
import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** What a replay would do to one period. */
public final class PeriodAudit {
  private final String period;
  private final PeriodMode mode;
  private final long rows;
  private final PeriodChanges changes;
  private final SortedSet<RecordCoordinate> toSend;
  private final Set<RowPlace> thereAlready;

  /**
   * @param period as tables name it: {@code 2024-03}, {@code 2024-03-05}
   * @param rows how many rows the period has now
   * @param toSend the raw records behind rows that only an append could bring
   * @param thereAlready staged rows that the table has by another way
   */
  public PeriodAudit(
      String period,
      PeriodMode mode,
      long rows,
      PeriodChanges changes,
      SortedSet<RecordCoordinate> toSend,
      Set<RowPlace> thereAlready) {
    this.period = period;
    this.mode = mode;
    this.rows = rows;
    this.changes = changes;
    this.toSend = Collections.unmodifiableSortedSet(new TreeSet<>(toSend));
    this.thereAlready = Set.copyOf(thereAlready);
  }

  public String period() {
    return period;
  }

  public PeriodMode mode() {
    return mode;
  }

  /** Keeps of the changes their counts alone. */
  public void forgetRows() {
    changes.forgetRows();
  }

  /** How many rows the period has now. */
  public long rows() {
    return rows;
  }

  public PeriodChanges changes() {
    return changes;
  }

  /** The raw records to send again so that the live job brings what is missing. */
  public SortedSet<RecordCoordinate> toSend() {
    return toSend;
  }

  /** Staged rows that must not be added: the table has them from outside the replay's scope. */
  public Set<RowPlace> thereAlready() {
    return thereAlready;
  }

  /** The part of the period's rows that would go: removed, or restated. 0 to 1. */
  public double shareTouched() {
    long touched = changes.removed() + changes.restated();
    return touched == 0 ? 0 : rows == 0 ? 1 : (double) touched / rows;
  }

  /**
   * Whether the replay asks for something that no append can bring, of a period it may not replace.
   */
  public boolean needsSeal() {
    return mode == PeriodMode.FILL && changes.removed() + changes.restated() > 0;
  }
}
