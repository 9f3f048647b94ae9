package ai.finks.flink.history;

import ai.finks.flink.stream.StreamLog;
import ai.finks.flink.table.StreamPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * The log behind messages that were kept: they tell their streams themselves, and what is not there
 * was missed before anything ran.
 */
final class KeptLog implements StreamLog {
  private final List<StreamPartition> partitions;

  private KeptLog(List<StreamPartition> partitions) {
    this.partitions = partitions;
  }

  /**
   * @param partitions in the order of their splits
   */
  static StreamLog.Connector of(ArrayList<StreamPartition> partitions) {
    return () -> new KeptLog(partitions);
  }

  @Override
  public Map<String, String> streamIds(Collection<String> topics) {
    return Map.of();
  }

  @Override
  public List<TopicPartition> partitions(Collection<String> topics) {
    return List.of();
  }

  @Override
  public List<StreamPartition> expected(
      Map<String, String> streamIds, int subtask, int parallelism) {
    List<StreamPartition> expected = new ArrayList<>();
    for (int i = subtask; i < partitions.size(); i += parallelism) {
      expected.add(partitions.get(i));
    }
    return expected;
  }

  @Override
  public long earliest(String topic, int partition) {
    return 0;
  }

  @Override
  public void close() {
    // Nothing is connected.
  }
}
