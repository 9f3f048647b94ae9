package ai.finks.flink.table;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * In how many records of a range a source's fields were not as its binding knows them, by kind of
 * drift and field. Immutable. Holds names of fields, never values.
 */
public final class DriftCounts {

  /** What is other than known about a field. */
  public enum Kind {
    /** The payload has it, the binding does not know it. */
    UNKNOWN,
    /** Its value is of another type. */
    TYPE,
    /** The binding knows it, the payload has it no more. */
    VANISHED
  }

  /** Stands for all further fields of a range that has drift in more than can be told apart. */
  public static final String OTHERS = "*";

  private static final DriftCounts NONE = new DriftCounts(0, new TreeMap<>());

  private final long records;
  private final TreeMap<Key, Long> fields;

  private DriftCounts(long records, TreeMap<Key, Long> fields) {
    this.records = records;
    this.fields = fields;
  }

  public static DriftCounts none() {
    return NONE;
  }

  /**
   * @param records how many records had any drift
   * @param fields how many had which
   */
  public static DriftCounts of(long records, Map<Key, Long> fields) {
    return fields.isEmpty() ? NONE : new DriftCounts(records, new TreeMap<>(fields));
  }

  public boolean isEmpty() {
    return fields.isEmpty();
  }

  /** Records with any drift. */
  public long records() {
    return records;
  }

  public Map<Key, Long> fields() {
    return Collections.unmodifiableMap(fields);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DriftCounts
        && records == ((DriftCounts) other).records
        && fields.equals(((DriftCounts) other).fields);
  }

  @Override
  public int hashCode() {
    return fields.hashCode();
  }

  @Override
  public String toString() {
    return fields.toString();
  }

  /** A field and what is other about it. */
  public static final class Key implements Comparable<Key> {
    private final Kind kind;
    private final String field;

    public Key(Kind kind, String field) {
      this.kind = kind;
      this.field = field;
    }

    public Kind kind() {
      return kind;
    }

    /** A path or column of the payload. */
    public String field() {
      return field;
    }

    @Override
    public int compareTo(Key other) {
      int byField = field.compareTo(other.field);
      return byField != 0 ? byField : kind.compareTo(other.kind);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key && compareTo((Key) other) == 0;
    }

    @Override
    public int hashCode() {
      return 31 * field.hashCode() + kind.hashCode();
    }

    @Override
    public String toString() {
      return kind + " " + field;
    }
  }
}
