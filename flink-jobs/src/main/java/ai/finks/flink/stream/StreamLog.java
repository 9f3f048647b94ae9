package ai.finks.flink.stream;

import ai.finks.flink.table.StreamPartition;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.TopicPartition;

/** What is asked of the log behind raw topics, beside reading it. Used by one thread. */
public interface StreamLog extends AutoCloseable {

  /** Connects where an operator runs. */
  @FunctionalInterface
  interface Connector extends Serializable {
    StreamLog connect();

    /** To a Kafka broker, with the properties of its clients. */
    static Connector kafka(Properties clientProperties) {
      Properties properties = new Properties();
      properties.putAll(clientProperties);
      return () -> BrokerLog.connect(properties);
    }
  }

  /** The id of each topic's stream: the UUID it was given when it was created. */
  Map<String, String> streamIds(Collection<String> topics);

  /** All partitions of the topics. */
  List<TopicPartition> partitions(Collection<String> topics);

  /** The first offset that is still held. */
  long earliest(String topic, int partition);

  /**
   * The partitions that a subtask of the source is expected to read when it starts without state.
   * It may turn out otherwise: this saves work, it does not decide.
   *
   * @param streamIds as {@link #streamIds} told
   */
  default List<StreamPartition> expected(
      Map<String, String> streamIds, int subtask, int parallelism) {
    List<StreamPartition> expected = new ArrayList<>();
    for (TopicPartition partition : partitions(streamIds.keySet())) {
      String streamId = streamIds.get(partition.topic());
      if (streamId != null && SplitOwner.of(partition, parallelism) == subtask) {
        expected.add(StreamPartition.of(partition.topic(), streamId, partition.partition()));
      }
    }
    return expected;
  }

  @Override
  void close();
}
