package ai.finks.flink.stream;

import org.apache.kafka.common.TopicPartition;

/**
 * Which subtask of a Kafka source reads a partition when the source starts without state. The
 * connector reckons so without telling; it may be otherwise after a restart with another
 * parallelism, so this may only save work, never decide.
 */
public final class SplitOwner {
  private SplitOwner() {}

  public static int of(TopicPartition partition, int parallelism) {
    int first = ((partition.topic().hashCode() * 31) & 0x7fffffff) % parallelism;
    return (first + partition.partition()) % parallelism;
  }
}
