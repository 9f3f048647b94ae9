package ai.finks.flink.history;

import ai.finks.flink.table.StreamPartition;
import java.io.Serializable;
import org.apache.flink.api.connector.source.SourceSplit;

/** A range of one stream partition that is still to be read. */
final class BronzeSplit implements SourceSplit, Serializable {
  private static final long serialVersionUID = 1;

  private final int number;
  private final StreamPartition partition;
  private final long next;
  private final long end;

  /**
   * @param number its place among the splits of its source
   */
  BronzeSplit(int number, StreamPartition partition, long next, long end) {
    this.number = number;
    this.partition = partition;
    this.next = next;
    this.end = end;
  }

  @Override
  public String splitId() {
    return partition.toString();
  }

  /** The subtask that reads it. */
  int owner(int parallelism) {
    return number % parallelism;
  }

  int number() {
    return number;
  }

  StreamPartition partition() {
    return partition;
  }

  long next() {
    return next;
  }

  /** Exclusive. */
  long end() {
    return end;
  }

  BronzeSplit from(long offset) {
    return new BronzeSplit(number, partition, offset, end);
  }

  @Override
  public String toString() {
    return partition + " [" + next + ", " + end + ")";
  }
}
