package ai.finks.flink.silver.core;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Makes from a row's stored columns what the running job knew of it: the fingerprint of its key and
 * the values that later ones are compared with. Reused from row to row, by one thread.
 */
public final class StoredRow {
  private final SilverRow row;
  private final Fingerprint key;
  private final PreviousRules previousRules;
  private final List<Column> columns;

  StoredRow(SilverRow row, Fingerprint key, PreviousRules previousRules) {
    this.row = row;
    this.key = key;
    this.previousRules = previousRules;
    Set<Column> needed = new LinkedHashSet<>(key.columns());
    needed.addAll(previousRules.columns());
    this.columns = new ArrayList<>(needed);
  }

  /** The columns whose stored values are to be set in {@link #row} first. */
  public List<Column> columns() {
    return columns;
  }

  public SilverRow row() {
    return row;
  }

  /** Makes {@link #keyHigh} and {@link #keyLow} from the source and the row's key columns. */
  public void fingerprint(String source) {
    key.of(source, row);
  }

  public long keyHigh() {
    return key.high();
  }

  public long keyLow() {
    return key.low();
  }

  public PreviousRules previousRules() {
    return previousRules;
  }
}
