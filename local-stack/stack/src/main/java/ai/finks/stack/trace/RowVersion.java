package ai.finks.stack.trace;

import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.apache.iceberg.data.Record;

/**
 * How new a version of its key a row is: by version, then batch, sequence, content hash.
 *
 * @param version the row's version
 * @param batch its batch
 * @param sequence its place in the batch
 * @param contentHigh the first half of its content hash
 * @param contentLow the other half
 */
record RowVersion(long version, String batch, long sequence, long contentHigh, long contentLow)
    implements Comparable<RowVersion> {
  /** The columns that it is read from. */
  static final List<String> COLUMNS =
      List.of("_version", "_batch_id", "_sequence", "_content_hash");

  private static final Comparator<RowVersion> ORDER =
      Comparator.comparingLong(RowVersion::version)
          .thenComparing(RowVersion::batch)
          .thenComparingLong(RowVersion::sequence)
          .thenComparing(RowVersion::contentHigh, Long::compareUnsigned)
          .thenComparing(RowVersion::contentLow, Long::compareUnsigned);

  static RowVersion of(Record row) {
    ByteBuffer content = ((ByteBuffer) required(row, "_content_hash")).duplicate();
    return new RowVersion(
        (Long) required(row, "_version"),
        (String) required(row, "_batch_id"),
        (Long) required(row, "_sequence"),
        content.getLong(),
        content.getLong());
  }

  private static Object required(Record row, String column) {
    return Objects.requireNonNull(row.getField(column), column);
  }

  @Override
  public int compareTo(RowVersion other) {
    return ORDER.compare(this, other);
  }
}
