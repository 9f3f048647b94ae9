package ai.finks.stack.trace;

import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.contract.Field;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.Type;

/** The newest versions of an entity's rows, as of one snapshot of its Silver table. */
final class SilverRows {
  private static final int MOST_VERSIONS = 1_000_000;
  private static final Comparator<Record> BY_VERSION =
      Comparator.<Record>comparingLong(row -> (Long) row.getField("_version"))
          .thenComparing(row -> (String) row.getField("_batch_id"))
          .thenComparingLong(row -> (Long) row.getField("_sequence"))
          .thenComparing(SilverRows::contentHash);

  private final Contract contract;
  private final SnapshotRows snapshot;

  SilverRows(Contract contract, SnapshotRows snapshot) {
    this.contract = contract;
    this.snapshot = snapshot;
  }

  SnapshotRows snapshot() {
    return snapshot;
  }

  Contract contract() {
    return contract;
  }

  /**
   * The newest version of each row that a step declares, latest first.
   *
   * @param others the rows that the step's expressions may name
   */
  List<Record> behind(Behind step, RowFilter.OtherRows others) {
    Expression versions = parse(step.versions(), others);
    List<Record> rows = newest(snapshot.where(versions, MOST_VERSIONS));
    String rowsExpression = step.rows();
    if (rowsExpression != null) {
      rows = SnapshotRows.filter(rows, snapshot.table().schema(), parse(rowsExpression, others));
    }
    rows = preferred(rows, step.precedence());
    Behind.Newest newest = step.newest();
    return sorted(newest == null ? rows : newestPerGroup(rows, newest));
  }

  /**
   * The rows, in their newest version, for which the expression is true, latest first.
   *
   * @param everyVersion older versions too
   */
  List<Record> where(Expression expression, boolean everyVersion) {
    List<Record> hits = snapshot.where(expression, MOST_VERSIONS);
    if (hits.isEmpty() || everyVersion) {
      return sorted(hits);
    }
    // A hit may be an older version whose newest one is no hit, so all of their versions are read.
    String column = contract.key().get(0).name();
    Set<Object> keys = new HashSet<>();
    for (Record hit : hits) {
      keys.add(literal(column, hit.getField(column)));
    }
    Expression ofTheirKeys = Expressions.in(column, keys.toArray());
    Map<Object, Record> newest = new HashMap<>();
    for (Record row : newest(snapshot.where(ofTheirKeys, MOST_VERSIONS))) {
      newest.put(identity(row), row);
    }
    return sorted(hits.stream().filter(hit -> hit.equals(newest.get(identity(hit)))).toList());
  }

  private Object literal(String column, Object value) {
    Type type = snapshot.table().schema().findType(column);
    return Objects.requireNonNull(ColumnLiteral.ofValue(value, type, 0), column);
  }

  private Expression parse(String expression, RowFilter.OtherRows others) {
    return RowFilter.parse(expression, snapshot.table().schema(), Map.of(), others);
  }

  private List<Record> newest(Collection<Record> versions) {
    Map<Object, Record> newest = new HashMap<>();
    for (Record row : versions) {
      newest.merge(identity(row), row, (a, b) -> BY_VERSION.compare(a, b) >= 0 ? a : b);
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

  private static ByteBuffer contentHash(Record row) {
    return ((ByteBuffer) row.getField("_content_hash")).duplicate();
  }
}
