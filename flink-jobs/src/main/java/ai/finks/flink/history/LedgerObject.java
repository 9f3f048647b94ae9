package ai.finks.flink.history;

/**
 * An object of Bronze as its ledger has it: where it lies, which offsets it holds, and what its
 * bytes must be. Offsets between its first and last may lie in other objects of the same range.
 */
public final class LedgerObject {
  private final String path;
  private final long first;
  private final long last;
  private final long rangeStart;
  private final long rangeEnd;
  private final long records;
  private final long bytes;
  private final String sha256;
  private final long committedMicros;

  private LedgerObject(Builder builder) {
    this.path = builder.path;
    this.first = builder.first;
    this.last = builder.last;
    this.rangeStart = builder.rangeStart;
    this.rangeEnd = builder.rangeEnd;
    this.records = builder.records;
    this.bytes = builder.bytes;
    this.sha256 = builder.sha256;
    this.committedMicros = builder.committedMicros;
  }

  static Builder at(String path) {
    return new Builder(path);
  }

  /** Below the lake's root. */
  public String path() {
    return path;
  }

  /** Offset of its first line. */
  public long first() {
    return first;
  }

  /** Offset of its last line. */
  public long last() {
    return last;
  }

  /** First offset of the commit that entered it. */
  long rangeStart() {
    return rangeStart;
  }

  /** The offset behind the last of the commit that entered it. */
  long rangeEnd() {
    return rangeEnd;
  }

  public long records() {
    return records;
  }

  public long bytes() {
    return bytes;
  }

  /** Of the whole object, hexadecimal. */
  public String sha256() {
    return sha256;
  }

  /** When the ledger got it, microseconds since the epoch. */
  long committedMicros() {
    return committedMicros;
  }

  boolean holdsSomeOf(long from, long to) {
    return first < to && last >= from;
  }

  @Override
  public String toString() {
    return path;
  }

  /** Takes a ledger's row together. */
  static final class Builder {
    private final String path;
    private long first;
    private long last;
    private long rangeStart;
    private long rangeEnd;
    private long records;
    private long bytes;
    private String sha256 = "";
    private long committedMicros;

    private Builder(String path) {
      this.path = path;
    }

    Builder offsets(long firstOffset, long lastOffset) {
      this.first = firstOffset;
      this.last = lastOffset;
      return this;
    }

    Builder range(long start, long end) {
      this.rangeStart = start;
      this.rangeEnd = end;
      return this;
    }

    Builder committed(long micros) {
      this.committedMicros = micros;
      return this;
    }

    LedgerObject content(long recordCount, long byteCount, String digest) {
      this.records = recordCount;
      this.bytes = byteCount;
      this.sha256 = digest;
      return new LedgerObject(this);
    }
  }
}
