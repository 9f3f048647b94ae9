package ai.finks.flink.history;

import ai.finks.flink.stream.RawMessage;
import ai.finks.flink.stream.StreamLog;
import org.apache.flink.api.connector.source.Source;

/** A part of the past, ready to be read by a job. */
public final class BoundedHistory {
  private final HistoryOrigin.Kind origin;
  private final HistoryRanges ranges;
  private final Source<RawMessage, ?, ?> source;
  private final StreamLog.Connector log;

  BoundedHistory(
      HistoryOrigin.Kind origin,
      HistoryRanges ranges,
      Source<RawMessage, ?, ?> source,
      StreamLog.Connector log) {
    this.origin = origin;
    this.ranges = ranges;
    this.source = source;
    this.log = log;
  }

  public HistoryOrigin.Kind origin() {
    return origin;
  }

  public HistoryRanges ranges() {
    return ranges;
  }

  public Source<RawMessage, ?, ?> source() {
    return source;
  }

  /** What is asked of the log behind the source. */
  public StreamLog.Connector log() {
    return log;
  }
}
