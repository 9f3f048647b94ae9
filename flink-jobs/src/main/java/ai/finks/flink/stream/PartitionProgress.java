package ai.finks.flink.stream;

import ai.finks.flink.table.Counts;
import ai.finks.flink.table.OffsetRange;
import ai.finks.flink.table.StreamPartition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * How far an operator has come in one stream partition, and where its current range began.
 *
 * <p>Ranges are cut where a table stands: each table then takes or leaves a range as a whole, and
 * the counts of a range are true for each of them.
 */
public final class PartitionProgress {
  private final StreamPartition partition;
  private final long[] cuts;
  private long rangeStart;
  private long next;
  private int cut;

  /**
   * @param start the next offset to read
   * @param recorded where the tables stand; those beyond the start become cuts
   */
  public PartitionProgress(StreamPartition partition, long start, Collection<Long> recorded) {
    this.partition = partition;
    this.rangeStart = start;
    this.next = start;
    this.cuts =
        recorded.stream().mapToLong(Long::longValue).filter(o -> o > start).sorted().toArray();
  }

  public StreamPartition partition() {
    return partition;
  }

  /** The next offset to read. */
  public long next() {
    return next;
  }

  /** Whether an offset lies before the start: every table has it. */
  public boolean isBehind(long offset) {
    return offset < next;
  }

  /** Whether the range must be taken (up to {@link #cutOffset}) before this offset is handled. */
  public boolean isCutBefore(long offset) {
    while (cut < cuts.length && cuts[cut] <= rangeStart) {
      // A checkpoint has ended the range right there.
      cut++;
    }
    return cut < cuts.length && offset >= cuts[cut];
  }

  public long cutOffset() {
    return cuts[cut];
  }

  public void handled(long offset) {
    next = offset + 1;
  }

  /** Whether anything was read since the last range was taken. */
  public boolean hasRange() {
    return next > rangeStart;
  }

  /** Ends the range at the next offset to read. */
  public RangeMarker takeRange(Counts counts) {
    return takeRange(next, counts);
  }

  /** Ends the range at the cut that {@link #isCutBefore} found; it may hold no record at all. */
  public RangeMarker takeRangeToCut(Counts counts) {
    long end = cuts[cut];
    next = Math.max(next, end);
    return takeRange(end, counts);
  }

  /**
   * Ends the range at an offset before which nothing can be read any more: its counts say how many
   * offsets were given up. To be called before anything of the range was handled.
   */
  public List<RangeMarker> giveUpTo(long end) {
    List<RangeMarker> given = new ArrayList<>();
    while (isCutBefore(end)) {
      given.add(takeRangeToCut(givenUp(cuts[cut] - rangeStart)));
    }
    if (end > rangeStart) {
      next = end;
      given.add(takeRange(end, givenUp(end - rangeStart)));
    }
    return given;
  }

  private static Counts givenUp(long offsets) {
    return Counts.of(Map.of(Counts.GIVEN_UP, offsets));
  }

  private RangeMarker takeRange(long end, Counts counts) {
    RangeMarker marker = new RangeMarker(partition, OffsetRange.of(rangeStart, end, counts));
    rangeStart = end;
    return marker;
  }

  @Override
  public String toString() {
    return partition
        + " at "
        + next
        + ", range from "
        + rangeStart
        + ", cuts "
        + Arrays.toString(cuts);
  }
}
