package ai.finks.flink.history;

import java.io.Closeable;
import java.time.Instant;
import java.util.Collection;

/** Where raw messages of the past can be had from. Used by one thread. */
public interface HistoryOrigin extends Closeable {

  /** The two places that keep raw messages. */
  enum Kind {
    /** The broker, within its retention, and only the present stream of a topic. */
    STREAM,
    /** Bronze: everything that its ledger names, of all streams that a topic ever was. */
    BRONZE
  }

  Kind kind();

  /** What is kept of the topics' streams: from the first offset to the one behind the last. */
  HistoryRanges held(Collection<String> topics);

  /**
   * Ranges that hold every message of an ingest time, and others beside.
   *
   * <p>Bronze goes by the records' own ingest time. The broker goes by the time a message was sent,
   * which is later by as long as its producer held it back or sent it again: the caller moves the
   * end accordingly.
   *
   * @param to exclusive
   */
  HistoryRanges ofIngestTime(Collection<String> topics, Instant from, Instant to);

  /** What of the ranges is not kept here: the first such offsets of each partition. */
  HistoryRanges missing(HistoryRanges ranges);

  /**
   * A bounded source over the ranges. Messages of a partition come in the order of their offsets.
   *
   * @param ranges at least one
   * @throws HistoryGapException naming the offsets that are not kept
   */
  BoundedHistory read(HistoryRanges ranges);
}
