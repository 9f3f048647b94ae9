package ai.finks.stack.trace;

import ai.finks.flink.table.TableSchemas;
import ai.finks.schemas.contract.Contract;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Binder;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/**
 * Looks for rows of one snapshot of a Silver table: all are counted, the latest are given.
 *
 * <p>Rows are read one after the other, first only the columns that counting takes, then those that
 * are shown as a whole. Where the marks of seals do not say which version of a key is the newest,
 * some 200 bytes of each row are kept until all versions have been looked at.
 */
final class SilverSearch {
  private static final int MOST_UNSETTLED = 1_000_000;
  private static final int MOST_KEYS = 1_000;

  private final Contract contract;
  private final SnapshotRows snapshot;
  private final int mostUnsettled;
  private final RowPlace.Reader places;
  private final RowSummary summary = new RowSummary();
  private final PriorityQueue<RowPlace> latest =
      new PriorityQueue<>(RowPlace.LATEST_FIRST.reversed());

  SilverSearch(Contract contract, SnapshotRows snapshot) {
    this(contract, snapshot, MOST_UNSETTLED);
  }

  /**
   * @param mostUnsettled how many rows may be kept until it is known whether they are the newest
   */
  SilverSearch(Contract contract, SnapshotRows snapshot, int mostUnsettled) {
    this.contract = contract;
    this.snapshot = snapshot;
    this.mostUnsettled = mostUnsettled;
    this.places = new RowPlace.Reader(contract.eventTime().name());
  }

  /**
   * What was found.
   *
   * @param summary of all rows
   * @param shown the latest of them, latest first
   */
  record Found(RowSummary summary, List<Record> shown) {}

  /** Each version for which the expression is true. */
  Found versions(Expression where, int most) {
    snapshot.each(
        snapshot.files(where), placeColumns(), where, row -> take(places.read(row), most));
    return found();
  }

  /**
   * Each row whose newest version makes the expression true.
   *
   * @throws RowFilterException if there are more than memory is meant for
   */
  Found newest(Expression where, int most) {
    SealMarks marks =
        new SealMarks(snapshot.table(), contract, snapshot.files(Expressions.alwaysTrue()));
    List<FileScanTask> files = snapshot.files(where);
    List<String> columns = placeColumns();
    columns.add(TableSchemas.SUPERSEDED);
    snapshot.each(
        marks.settled(files),
        columns,
        where,
        row -> {
          if (!Boolean.TRUE.equals(row.getField(TableSchemas.SUPERSEDED))) {
            take(places.read(row), most);
          }
        });
    new Versions(marks).newest(marks.unsettled(files), where, row -> take(row, most));
    return found();
  }

  private List<String> placeColumns() {
    List<String> columns = new ArrayList<>(RowPlace.COLUMNS);
    columns.add(contract.eventTime().name());
    return columns;
  }

  private void take(RowPlace row, int most) {
    summary.add(row.origin(), row.offset());
    latest.add(row);
    if (latest.size() > most) {
      latest.remove();
    }
  }

  private Found found() {
    List<RowPlace> shown = new ArrayList<>(latest);
    shown.sort(RowPlace.LATEST_FIRST);
    Map<RowPlace, Record> rows = shown.isEmpty() ? Map.of() : whole(shown);
    return new Found(
        summary,
        shown.stream().map(place -> Objects.requireNonNull(rows.get(place), "row")).toList());
  }

  /** The same rows with all of their columns. */
  private Map<RowPlace, Record> whole(List<RowPlace> wanted) {
    Set<RowPlace> missing = new HashSet<>(wanted);
    Map<RowPlace, Record> rows = new HashMap<>();
    Expression there = there(wanted);
    Schema schema = snapshot.table().schema();
    snapshot.each(
        snapshot.files(there),
        schema.columns().stream().map(NestedField::name).toList(),
        there,
        row -> {
          RowPlace place = places.read(row);
          if (missing.remove(place)) {
            rows.put(place, row.copy());
          }
        });
    return rows;
  }

  private Expression there(List<RowPlace> rows) {
    Expression there =
        Expressions.and(
            Expressions.in("_offset", rows.stream().map(RowPlace::offset).distinct().toArray()),
            Expressions.in(
                "_partition",
                rows.stream().map(row -> row.origin().partition()).distinct().toArray()));
    NestedField time = snapshot.table().schema().findField(contract.eventTime().name());
    Object from = timeLiteral(time.type(), rows.get(rows.size() - 1).eventTime());
    Object to = timeLiteral(time.type(), rows.get(0).eventTime());
    if (from == null || to == null) {
      return there;
    }
    return Expressions.and(
        there,
        Expressions.greaterThanOrEqual(time.name(), from),
        Expressions.lessThanOrEqual(time.name(), to));
  }

  private static @Nullable Object timeLiteral(Type type, long value) {
    return switch (type.typeId()) {
      case DATE -> (int) value;
      case TIMESTAMP -> value;
      default -> null;
    };
  }

  /** A row that is the newest of its key for all that is known. */
  private record Candidate(RowVersion version, RowPlace place) {}

  /** Finds the newest versions by comparing all of them. */
  private final class Versions {
    private final SealMarks marks;
    private final RowIdentity.Reader identities = new RowIdentity.Reader(contract);
    private final Map<RowIdentity, Candidate> candidates = new HashMap<>();
    private final @Nullable String key = firstKey();
    private final @Nullable Object[] lastKeys = new Object[1];
    private final Set<Object> keys = new HashSet<>();
    private boolean tooManyKeys;

    Versions(SealMarks marks) {
      this.marks = marks;
    }

    void newest(Collection<FileScanTask> files, Expression where, Consumer<RowPlace> taken) {
      List<String> columns = placeColumns();
      columns.addAll(versionColumns());
      snapshot.each(files, columns, where, this::remember);
      if (!candidates.isEmpty() && !isSameForAllVersions(where)) {
        Expression ofTheirKeys =
            tooManyKeys ? Expressions.alwaysTrue() : Expressions.in(key, keys.toArray());
        snapshot.each(
            marks.unsettled(snapshot.files(ofTheirKeys)),
            versionColumns(),
            ofTheirKeys,
            this::forgetIfOlder);
      }
      candidates.values().forEach(candidate -> taken.accept(candidate.place()));
    }

    private @Nullable String firstKey() {
      List<String> identity = RowIdentity.columns(contract);
      return identity.size() > 1 ? identity.get(1) : null;
    }

    private List<String> versionColumns() {
      List<String> columns = new ArrayList<>(RowIdentity.columns(contract));
      columns.addAll(RowVersion.COLUMNS);
      return columns;
    }

    private void remember(Record row) {
      Candidate candidate = new Candidate(RowVersion.of(row), places.read(row));
      candidates.merge(
          identities.read(row),
          candidate,
          (known, other) -> known.version().compareTo(other.version()) >= 0 ? known : other);
      if (candidates.size() > mostUnsettled) {
        throw new RowFilterException(
            String.format(
                "more than %,d rows of periods that are not sealed match, too many to tell their"
                    + " newest versions; say more, or ask for %s_versions",
                mostUnsettled, "silver." + contract.entity()));
      }
      rememberKey(key == null ? null : row.getField(key));
    }

    private void rememberKey(@Nullable Object value) {
      if (!tooManyKeys && !Objects.equals(value, lastKeys[0])) {
        Object literal =
            value == null
                ? null
                : ColumnLiteral.ofValue(value, snapshot.table().schema().findType(key), 0);
        if (literal != null) {
          keys.add(literal);
        }
        tooManyKeys = literal == null || keys.size() > MOST_KEYS;
        lastKeys[0] = value;
      }
    }

    /** Versions of a key have the key and the source in common. */
    private boolean isSameForAllVersions(Expression where) {
      Schema schema = snapshot.table().schema();
      List<String> identity = RowIdentity.columns(contract);
      return Binder.boundReferences(schema.asStruct(), List.of(where), true).stream()
          .allMatch(id -> identity.contains(schema.findColumnName(id)));
    }

    private void forgetIfOlder(Record row) {
      RowIdentity identity = identities.read(row);
      Candidate candidate = candidates.get(identity);
      if (candidate != null && RowVersion.of(row).compareTo(candidate.version()) > 0) {
        candidates.remove(identity);
      }
    }
  }
}
