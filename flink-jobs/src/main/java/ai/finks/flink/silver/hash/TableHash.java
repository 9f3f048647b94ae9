package ai.finks.flink.silver.hash;

import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.contract.Field;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.jspecify.annotations.Nullable;

/**
 * What a Silver table says, whatever files and order it says it in: the sum, modulo
 * 2<sup>256</sup>, of the SHA-256 of each key's newest version.
 *
 * <p>Hashed are the source and the stored contract fields by their ids, nulls left out and decimals
 * without trailing zeros, so that a new optional column, a wider type or another order of columns
 * changes nothing. Lineage columns do not count: a replayed row equals the row it replaces. The
 * newest version of a (source, key) is the one of highest {@code _version}, then {@code _batch_id},
 * then {@code _sequence}, then content hash.
 */
public final class TableHash {
  private final String hex;
  private final long rows;
  private final long versions;

  private TableHash(String hex, long rows, long versions) {
    this.hex = hex;
    this.rows = rows;
    this.versions = versions;
  }

  /**
   * Reads the table's current snapshot; refresh the table first. Memory: about 130 to 260 bytes per
   * key.
   *
   * @param versions table {@code silver.<entity>_versions}
   * @throws IllegalArgumentException if the table lacks a field of the contract
   */
  public static TableHash of(Table versions, Contract contract) {
    Columns columns = Columns.of(versions, contract);
    NewestVersions newest = new NewestVersions();
    CanonicalRow canonical = new CanonicalRow();
    long read = 0;
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(versions).select(columns.names()).build()) {
      for (Record row : rows) {
        add(row, columns, canonical, newest);
        read++;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new TableHash(newest.sum().hex(), newest.size(), read);
  }

  private static void add(
      Record row, Columns columns, CanonicalRow canonical, NewestVersions newest) {
    String source = text(row, "_source");
    byte[] key = canonical.hash(source, columns.key, row);
    byte[] content = canonical.hash(source, columns.stored, row);
    newest.add(
        key,
        content,
        number(row, "_version"),
        text(row, "_batch_id"),
        number(row, "_sequence"),
        (ByteBuffer) required(row, "_content_hash"));
  }

  private static Object required(Record row, String column) {
    return Objects.requireNonNull(row.getField(column), column);
  }

  private static String text(Record row, String column) {
    return (String) required(row, column);
  }

  private static long number(Record row, String column) {
    return (Long) required(row, column);
  }

  /** The sum in 64 lower-case hex digits. */
  public String hex() {
    return hex;
  }

  /** Keys, each with its newest version. */
  public long rows() {
    return rows;
  }

  /** All rows of the table. */
  public long versions() {
    return versions;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TableHash
        && hex.equals(((TableHash) other).hex)
        && rows == ((TableHash) other).rows;
  }

  @Override
  public int hashCode() {
    return hex.hashCode();
  }

  @Override
  public String toString() {
    return hex + " (" + rows + " rows)";
  }

  /** The columns that are read: found by name, because Iceberg gives a new table its own ids. */
  static final class Columns {
    final List<CanonicalRow.Column> key;
    final List<CanonicalRow.Column> stored;

    private Columns(List<CanonicalRow.Column> key, List<CanonicalRow.Column> stored) {
      this.key = key;
      this.stored = stored;
    }

    static Columns of(Table table, Contract contract) {
      return new Columns(columns(table, contract.key()), columns(table, contract.fields()));
    }

    private static List<CanonicalRow.Column> columns(Table table, List<Field> fields) {
      return fields.stream()
          .filter(Field::isStored)
          .sorted(Comparator.comparingInt(Field::id))
          .map(field -> column(table, field))
          .collect(Collectors.toList());
    }

    private static CanonicalRow.Column column(Table table, Field field) {
      if (table.schema().findField(field.name()) == null) {
        throw new IllegalArgumentException(
            "Table " + table.name() + " has no column '" + field.name() + "' of the contract");
      }
      return new CanonicalRow.Column(field.id(), field.name());
    }

    List<String> names() {
      List<String> names =
          new ArrayList<>(
              List.of("_source", "_version", "_batch_id", "_sequence", "_content_hash"));
      stored.forEach(column -> names.add(column.name()));
      return names;
    }
  }
}
