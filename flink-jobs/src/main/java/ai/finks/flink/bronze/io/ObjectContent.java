package ai.finks.flink.bronze.io;

import java.util.Objects;

/** What an object holds. */
final class ObjectContent {
  private final long first;
  private final long last;
  private final long records;
  private final long bytes;
  private final String sha256;

  /**
   * @param first offset of the first record
   * @param last offset of the last record
   * @param sha256 of all bytes, in lower-case hex
   */
  ObjectContent(long first, long last, long records, long bytes, String sha256) {
    this.first = first;
    this.last = last;
    this.records = records;
    this.bytes = bytes;
    this.sha256 = sha256;
  }

  long first() {
    return first;
  }

  long last() {
    return last;
  }

  long records() {
    return records;
  }

  long bytes() {
    return bytes;
  }

  String sha256() {
    return sha256;
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof ObjectContent)) {
      return false;
    }
    ObjectContent that = (ObjectContent) other;
    return first == that.first
        && last == that.last
        && records == that.records
        && bytes == that.bytes
        && sha256.equals(that.sha256);
  }

  @Override
  public int hashCode() {
    return Objects.hash(first, last, records, bytes, sha256);
  }
}
