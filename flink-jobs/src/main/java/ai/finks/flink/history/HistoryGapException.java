package ai.finks.flink.history;

import ai.finks.flink.stream.AcceptedGaps;
import ai.finks.flink.table.JobStoppedException;
import ai.finks.flink.table.OffsetRange;
import ai.finks.flink.table.StreamPartition;
import java.util.Map;
import java.util.stream.Collectors;

/** Messages of the past that were asked for cannot be had. */
public final class HistoryGapException extends JobStoppedException {
  private static final long serialVersionUID = 1;

  private HistoryGapException(String message) {
    super(message);
  }

  /** Offsets that an origin does not keep. */
  static HistoryGapException missing(HistoryOrigin.Kind origin, HistoryRanges missing) {
    return new HistoryGapException(
        missing.asMap().entrySet().stream()
                .map(
                    gap ->
                        at(gap.getKey(), gap.getValue().start(), gap.getValue().end() - 1)
                            + " of stream "
                            + gap.getKey().streamId())
                .collect(Collectors.joining("; "))
            + (origin == HistoryOrigin.Kind.STREAM
                ? ": not on the broker (any more). Bronze may have them."
                : ": not in Bronze's ledger. The broker may have them. Where they are given up, a"
                    + " rebuild goes on without them: accept-gap="
                    + missing.asMap().entrySet().stream()
                        .map(HistoryGapException::acceptable)
                        .collect(Collectors.joining(","))));
  }

  /** An object that is not there, or is not what the ledger says. */
  static HistoryGapException damaged(StreamPartition partition, LedgerObject object, String how) {
    return new HistoryGapException(
        String.format(
            "%s: Bronze's object %s %s. Nothing that this run wrote may be used; restore the object"
                + " from its backup, or read these offsets from the stream while it has them.",
            at(partition, object.first(), object.last()), object.path(), how));
  }

  /** A ledger that does not have as many records as it once said. */
  static HistoryGapException uncounted(StreamPartition partition, long counted, long found) {
    return new HistoryGapException(
        String.format(
            "%s partition %d of stream %s: Bronze has entered %d records, but its ledger names"
                + " objects with %d. Rows of the ledger are gone.",
            partition.topic(), partition.partition(), partition.streamId(), counted, found));
  }

  private static String acceptable(Map.Entry<StreamPartition, OffsetRange> gap) {
    return AcceptedGaps.text(gap.getKey(), gap.getValue().start(), gap.getValue().end());
  }

  private static String at(StreamPartition partition, long first, long last) {
    return String.format(
        "%s partition %d offsets %d to %d", partition.topic(), partition.partition(), first, last);
  }
}
