package ai.finks.stack.trace;

/**
 * What to trace.
 *
 * @param relation {@code gold.<dataset>}, {@code silver.<entity>} or {@code
 *     silver.<entity>_versions}
 * @param where an expression over its columns
 * @param limit how many rows of each table are shown; all are counted
 * @param reveal whether payloads that may hold personal data are shown
 */
public record TraceRequest(String relation, String where, int limit, boolean reveal) {
  /** The most rows of a table that one trace shows. */
  public static final int MOST_SHOWN = 1000;

  public TraceRequest {
    if (limit < 0 || limit > MOST_SHOWN) {
      throw new RowFilterException("--limit must be 0 to " + MOST_SHOWN + ", was " + limit);
    }
  }
}
