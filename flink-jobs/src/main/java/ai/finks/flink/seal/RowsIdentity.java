package ai.finks.flink.seal;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.apache.flink.table.data.binary.BinaryRowData;
import org.jspecify.annotations.Nullable;

/**
 * What a multiset of rows is told by, whatever their order and files: their number, and the sum,
 * modulo 2<sup>128</sup> in two halves, of the first 128 bits of the SHA-256 of each whole row
 * (coordinates, content hash and every other column) but for its mark, if it has one.
 */
public final class RowsIdentity {
  private static final int NO_MARK = -1;

  private final int superseded;
  private final MessageDigest sha256;
  private byte[] bytes = new byte[1024];
  private long rows;
  private long high;
  private long low;

  /**
   * @param superseded position of the mark, which does not count
   */
  RowsIdentity(int superseded) {
    this.superseded = superseded;
    try {
      this.sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java runtime has SHA-256", e);
    }
  }

  /** Of rows without a mark. */
  static RowsIdentity ofWholeRows() {
    return new RowsIdentity(NO_MARK);
  }

  /** Adds a row; takes its mark away. */
  void add(BinaryRowData row) {
    if (superseded != NO_MARK) {
      row.setNullAt(superseded);
    }
    int length = row.getSizeInBytes();
    if (bytes.length < length) {
      bytes = new byte[2 * length];
    }
    row.getSegments()[0].get(row.getOffset(), bytes, 0, length);
    sha256.update(bytes, 0, length);
    ByteBuffer hash = ByteBuffer.wrap(sha256.digest());
    rows++;
    high += hash.getLong();
    low += hash.getLong();
  }

  public long rows() {
    return rows;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RowsIdentity
        && rows == ((RowsIdentity) other).rows
        && high == ((RowsIdentity) other).high
        && low == ((RowsIdentity) other).low;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(high ^ low);
  }

  /** The number of rows and 32 hex digits. */
  @Override
  public String toString() {
    return String.format("%d rows, %016x%016x", rows, high, low);
  }
}
