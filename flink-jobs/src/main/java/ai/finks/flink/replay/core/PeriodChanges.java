package ai.finks.flink.replay.core;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a replay makes of the rows of one period, compared with what is there.
 *
 * <p>Rows are compared as versions, whatever coordinate they came by: one that the replay gives and
 * the table has is unchanged. Of the others, one that the replay gives and one that the table had
 * of the same key are a restatement; what is left was added or removed. Rows that the table has
 * from outside the replay's scope are never removed; they only show that a row need not be added.
 */
public final class PeriodChanges {
  private long unchanged;
  private long restated;
  private final Set<RowIdentity> missing = new HashSet<>();
  private final Set<RowIdentity> surplus = new HashSet<>();
  private final Set<RowIdentity> elsewhere = new HashSet<>();
  private long missingRows;
  private long surplusRows;

  /**
   * Compares a part of the period's keys and adds what it finds; all rows of a key must be in one
   * part. The lists are sorted in place.
   *
   * @param staged what the replay gives
   * @param inScope what the table has of the same ranges
   * @param outOfScope what else the table has
   */
  public void compare(
      List<RowIdentity> staged, List<RowIdentity> inScope, List<RowIdentity> outOfScope) {
    List<RowIdentity> given = without(staged, inScope, null);
    unchanged += staged.size() - given.size();
    List<RowIdentity> gone = without(inScope, staged, null);
    List<RowIdentity> missingHere = without(given, outOfScope, elsewhere);
    unchanged += given.size() - missingHere.size();
    missing.addAll(missingHere);
    surplus.addAll(gone);
    restated += pairs(missingHere, gone);
    missingRows = missing.size();
    surplusRows = surplus.size();
  }

  /** Keeps the counts alone: of a large period the rows are more than can be held for long. */
  void forgetRows() {
    missing.clear();
    surplus.clear();
    elsewhere.clear();
  }

  /** The rows of one list that are not in the other; those that are go to a set. */
  private static List<RowIdentity> without(
      List<RowIdentity> rows, List<RowIdentity> others, @Nullable Set<RowIdentity> both) {
    Collections.sort(rows);
    Collections.sort(others);
    List<RowIdentity> left = new ArrayList<>();
    int other = 0;
    for (RowIdentity row : rows) {
      while (other < others.size() && others.get(other).compareTo(row) < 0) {
        other++;
      }
      if (other < others.size() && others.get(other).equals(row)) {
        if (both != null) {
          both.add(row);
        }
        other++;
      } else {
        left.add(row);
      }
    }
    return left;
  }

  private static long pairs(List<RowIdentity> given, List<RowIdentity> gone) {
    long pairs = 0;
    int other = 0;
    for (RowIdentity row : given) {
      while (other < gone.size()
          && !gone.get(other).hasKeyOf(row)
          && gone.get(other).compareTo(row) < 0) {
        other++;
      }
      if (other < gone.size() && gone.get(other).hasKeyOf(row)) {
        pairs++;
        other++;
      }
    }
    return pairs;
  }

  /** Rows that are there as the replay gives them. */
  public long unchanged() {
    return unchanged;
  }

  /** Rows that the replay gives in place of others of the same key. */
  public long restated() {
    return restated;
  }

  /** Rows that the replay gives and nobody has. */
  public long added() {
    return missingRows - restated;
  }

  /** Rows that the table has of the replayed ranges and the replay does not give. */
  public long removed() {
    return surplusRows - restated;
  }

  public boolean isEmpty() {
    return missingRows == 0 && surplusRows == 0;
  }

  /** What the replay gives and the table lacks: added and restated. */
  public Set<RowIdentity> missing() {
    return Collections.unmodifiableSet(missing);
  }

  /** What the replay gives of keys of which nothing has to go: all that an append could bring. */
  public Set<RowIdentity> onlyAdded() {
    Set<RowIdentity> added = new HashSet<>(missing);
    List<RowIdentity> gone = new ArrayList<>(surplus);
    Collections.sort(gone);
    added.removeIf(row -> hasKey(gone, row));
    return added;
  }

  private static boolean hasKey(List<RowIdentity> sorted, RowIdentity row) {
    int at = Collections.binarySearch(sorted, row);
    int after = at < 0 ? -at - 1 : at;
    return (after < sorted.size() && sorted.get(after).hasKeyOf(row))
        || (after > 0 && sorted.get(after - 1).hasKeyOf(row));
  }

  /** What the table has and the replay does not give: removed and restated. */
  public Set<RowIdentity> surplus() {
    return Collections.unmodifiableSet(surplus);
  }

  /** What the replay gives and the table has by another way; it need not be added again. */
  public Set<RowIdentity> elsewhere() {
    return Collections.unmodifiableSet(elsewhere);
  }

  /** The counts by name, as documents have them. */
  public Map<String, Long> counts() {
    Map<String, Long> counts = new HashMap<>();
    counts.put("added", added());
    counts.put("restated", restated());
    counts.put("removed", removed());
    counts.put("unchanged", unchanged());
    return counts;
  }
}
