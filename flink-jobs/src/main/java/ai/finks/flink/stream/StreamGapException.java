package ai.finks.flink.stream;

import ai.finks.flink.table.JobStoppedException;
import ai.finks.flink.table.OffsetRange;
import ai.finks.flink.table.StreamPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/** Offsets that the tables still need are not on the broker. */
public final class StreamGapException extends JobStoppedException {
  private static final long serialVersionUID = 1;

  private static final String ADVICE =
      " The job stops rather than skip them. Replay the missing range from Bronze, which keeps what"
          + " the stream has let go, and raise the topic's retention.";

  private StreamGapException(String message) {
    super(message);
  }

  /** Offsets {@code [needed, earliest)} have expired. */
  public static StreamGapException expired(StreamPartition partition, long needed, long earliest) {
    return new StreamGapException(gap(partition, needed, earliest) + ADVICE);
  }

  /** As {@link #expired}, of a job that can be told to go on without what is missing. */
  static StreamGapException notAccepted(SortedMap<StreamPartition, OffsetRange> gaps) {
    List<String> texts = new ArrayList<>();
    List<String> settings = new ArrayList<>();
    gaps.forEach(
        (partition, gap) -> {
          texts.add(gap(partition, gap.start(), gap.end()));
          settings.add(AcceptedGaps.text(partition, gap.start(), gap.end()));
        });
    return new StreamGapException(
        String.join(" ", texts)
            + ADVICE
            + " To leave it out for good, start the job without state and with accept-gap="
            + String.join(",", settings)
            + "; accounting.partitions then records the gap.");
  }

  private static String gap(StreamPartition partition, long needed, long earliest) {
    return String.format(
        "Topic %s partition %d: offsets %d to %d are needed but no longer on the broker, whose log"
            + " begins at %d.",
        partition.topic(), partition.partition(), needed, earliest - 1, earliest);
  }

  /** The table is ahead of the broker's log. */
  public static StreamGapException lost(StreamPartition partition, long needed, long end) {
    return new StreamGapException(
        String.format(
            "Topic %s partition %d: the tables continue at offset %d, but the broker's log of the"
                + " same topic ends at %d. The broker has lost what it once acknowledged; recreate"
                + " the topic (it is then a new stream, read from its beginning) and send again"
                + " what producers still hold.",
            partition.topic(), partition.partition(), needed, end));
  }
}
