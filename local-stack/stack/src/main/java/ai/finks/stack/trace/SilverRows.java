package ai.finks.stack.trace;

import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.contract.Field;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;

/** The rows behind others, as of one snapshot of an entity's Silver table. */
final class SilverRows {
  private static final int MOST_VERSIONS = 100_000;

  private final Contract contract;
  private final SnapshotRows snapshot;
  private final int mostVersions;

  SilverRows(Contract contract, SnapshotRows snapshot) {
    this(contract, snapshot, MOST_VERSIONS);
  }

  /**
   * @param mostVersions how many versions are looked at, all of them in memory
   */
  SilverRows(Contract contract, SnapshotRows snapshot, int mostVersions) {
    this.contract = contract;
    this.snapshot = snapshot;
    this.mostVersions = mostVersions;
  }

  /** More versions stand behind a row than one trace looks at. */
  static final class TooManyRowsException extends Exception {
    private static final long serialVersionUID = 1L;

    TooManyRowsException(int most) {
      super(
          String.format(
              "more than %,d versions of rows stand behind it, too many to follow", most));
    }
  }

  /**
   * The newest version of each row that a step declares, latest first.
   *
   * @param others the rows that the step's expressions may name
   */
  List<Record> behind(Behind step, RowFilter.OtherRows others) throws TooManyRowsException {
    List<Record> versions = snapshot.first(parse(step.versions(), others), mostVersions + 1);
    if (versions.size() > mostVersions) {
      throw new TooManyRowsException(mostVersions);
    }
    List<Record> rows = newest(versions);
    String rowsExpression = step.rows();
    if (rowsExpression != null) {
      rows = SnapshotRows.filter(rows, snapshot.table().schema(), parse(rowsExpression, others));
    }
    rows = preferred(rows, step.precedence());
    Behind.Newest newest = step.newest();
    return sorted(newest == null ? rows : newestPerGroup(rows, newest));
  }

  private Expression parse(String expression, RowFilter.OtherRows others) {
    return RowFilter.parse(expression, snapshot.table().schema(), Map.of(), others);
  }

  private List<Record> newest(Collection<Record> versions) {
    Map<Object, Record> newest = new HashMap<>();
    for (Record row : versions) {
      newest.merge(
          identity(row), row, (a, b) -> RowVersion.of(a).compareTo(RowVersion.of(b)) >= 0 ? a : b);
    }
    return new ArrayList<>(newest.values());
  }

  private List<Object> identity(Record row) {
    List<Object> identity = new ArrayList<>(key(row));
    identity.add(row.getField("_source"));
    return identity;
  }

  private List<Object> key(Record row) {
    List<Object> key = new ArrayList<>();
    for (Field field : contract.key()) {
      key.add(row.getField(field.name()));
    }
    return key;
  }

  /** Of rows that several sources have, that of the preferred one. */
  private List<Record> preferred(List<Record> rows, List<String> precedence) {
    Comparator<Record> bySource =
        Comparator.<Record>comparingInt(row -> rank(row, precedence))
            .thenComparing(row -> (String) row.getField("_source"));
    Map<Object, Record> preferred = new HashMap<>();
    for (Record row : rows) {
      preferred.merge(key(row), row, (a, b) -> bySource.compare(a, b) <= 0 ? a : b);
    }
    return new ArrayList<>(preferred.values());
  }

  private static int rank(Record row, List<String> precedence) {
    int rank = precedence.indexOf((String) row.getField("_source"));
    return rank < 0 ? precedence.size() : rank;
  }

  private static List<Record> newestPerGroup(List<Record> rows, Behind.Newest newest) {
    Map<Object, List<Record>> groups = new HashMap<>();
    for (Record row : rows) {
      groups.computeIfAbsent(row.getField(newest.per()), per -> new ArrayList<>()).add(row);
    }
    List<Record> kept = new ArrayList<>();
    for (List<Record> group : groups.values()) {
      group.sort(byField(newest.by()).reversed());
      kept.addAll(group.subList(0, Math.min(newest.rows(), group.size())));
    }
    return kept;
  }

  private List<Record> sorted(List<Record> rows) {
    List<Record> sorted = new ArrayList<>(rows);
    sorted.sort(
        byField(contract.eventTime().name())
            .reversed()
            .thenComparing(row -> (String) row.getField("_topic"))
            .thenComparingInt(row -> (Integer) row.getField("_partition"))
            .thenComparingLong(row -> (Long) row.getField("_offset")));
    return sorted;
  }

  @SuppressWarnings("unchecked") // Dates, instants, numbers and texts all compare with their own.
  private static Comparator<Record> byField(String name) {
    return Comparator.comparing(
        row -> (Comparable<Object>) Objects.requireNonNull(row.getField(name), name));
  }
}
