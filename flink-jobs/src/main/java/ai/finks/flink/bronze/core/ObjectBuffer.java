package ai.finks.flink.bronze.core;

/** The lines of one object that is not written yet: one folder, one partition of a stream. */
public final class ObjectBuffer {
  private static final int INITIAL_BYTES = 4 * 1024;

  private final String source;
  private final long epochHour;
  private final String runId;
  private final boolean undecodable;
  private final Bytes lines = new Bytes(INITIAL_BYTES);
  private long first = -1;
  private long last = -1;
  private long records;
  private int accounted;

  private ObjectBuffer(String source, long epochHour, String runId, boolean undecodable) {
    this.source = source;
    this.epochHour = epochHour;
    this.runId = runId;
    this.undecodable = undecodable;
  }

  static ObjectBuffer ofRecords(String source, long epochHour, String runId) {
    return new ObjectBuffer(source, epochHour, runId, false);
  }

  static ObjectBuffer ofUndecodable(long epochHour) {
    return new ObjectBuffer("", epochHour, "", true);
  }

  boolean takes(String recordSource, long recordHour, String recordRunId) {
    return !undecodable
        && epochHour == recordHour
        && runId.equals(recordRunId)
        && source.equals(recordSource);
  }

  /** Counts a line that was just appended to {@link #lines()}. */
  void added(long offset) {
    if (records == 0) {
      first = offset;
    }
    last = offset;
    records++;
  }

  /** Memory taken since the last call, in bytes. */
  public int takeGrowth() {
    int growth = lines.capacity() - accounted;
    accounted = lines.capacity();
    return growth;
  }

  /** Folder below Bronze's root. */
  public String folder() {
    return undecodable
        ? ObjectFolder.ofUndecodable(epochHour)
        : ObjectFolder.of(source, epochHour, runId);
  }

  /** Source of the records; empty for undecodable values. */
  public String source() {
    return source;
  }

  /** Run of the records; empty for undecodable values. */
  public String runId() {
    return runId;
  }

  public Bytes lines() {
    return lines;
  }

  /** Offset of the first line's record. */
  public long first() {
    return first;
  }

  /** Offset of the last line's record. */
  public long last() {
    return last;
  }

  public long records() {
    return records;
  }
}
