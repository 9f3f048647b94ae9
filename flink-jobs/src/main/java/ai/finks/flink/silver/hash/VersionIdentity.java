package ai.finks.flink.silver.hash;

import ai.finks.schemas.contract.Contract;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;

/**
 * What makes two stored rows the same version of the same thing, wherever in a stream they came
 * from: source and key, the order of the version, the content as it was taken and as it is stored.
 * Coordinates do not count. Not thread-safe.
 */
public final class VersionIdentity {
  private static final List<String> VERSION =
      List.of("_source", "_version", "_batch_id", "_sequence", "_content_hash", "_warnings");

  private final TableHash.Columns columns;
  private final CanonicalRow canonical = new CanonicalRow();
  private final MessageDigest sha256;
  private final ByteBuffer numbers = ByteBuffer.allocate(2 * Long.BYTES);

  private VersionIdentity(TableHash.Columns columns) {
    this.columns = columns;
    try {
      this.sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java runtime has SHA-256", e);
    }
  }

  /**
   * @param versions a table with the columns of {@code silver.<entity>_versions}
   * @throws IllegalArgumentException if the table lacks a field of the contract
   */
  public static VersionIdentity of(Table versions, Contract contract) {
    return new VersionIdentity(TableHash.Columns.of(versions, contract));
  }

  /** The columns that a row must have. */
  public List<String> columns() {
    List<String> names = new ArrayList<>(columns.names());
    VERSION.stream().filter(name -> !names.contains(name)).forEach(names::add);
    return names;
  }

  /** The identity: 128 bits of the source and key, then 128 bits of all. */
  public long[] of(Record row) {
    String source = (String) required(row, "_source");
    ByteBuffer key = ByteBuffer.wrap(canonical.hash(source, columns.key, row));
    sha256.update(canonical.hash(source, columns.stored, row));
    numbers.clear();
    numbers.putLong((Long) required(row, "_version")).putLong((Long) required(row, "_sequence"));
    sha256.update(numbers.array());
    sha256.update(((ByteBuffer) required(row, "_content_hash")).duplicate());
    text((String) required(row, "_batch_id"));
    Object warnings = row.getField("_warnings");
    text(warnings == null ? "" : (String) warnings);
    ByteBuffer all = ByteBuffer.wrap(sha256.digest());
    return new long[] {key.getLong(), key.getLong(), all.getLong(), all.getLong()};
  }

  private void text(String text) {
    sha256.update(text.getBytes(StandardCharsets.UTF_8));
    sha256.update((byte) 0);
  }

  private static Object required(Record row, String column) {
    return Objects.requireNonNull(row.getField(column), column);
  }
}
