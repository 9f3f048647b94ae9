package ai.finks.flink.silver;

import ai.finks.flink.stream.StreamLog;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/** A log of two partitions that keeps all there ever was. */
final class EndlessLog implements StreamLog {
  private final String topic;
  private final String streamId;

  private EndlessLog(String topic, String streamId) {
    this.topic = topic;
    this.streamId = streamId;
  }

  static StreamLog.Connector connector(String topic, String streamId) {
    return () -> new EndlessLog(topic, streamId);
  }

  @Override
  public Map<String, String> streamIds(Collection<String> topics) {
    return topics.stream().collect(Collectors.toMap(name -> name, name -> streamId));
  }

  @Override
  public List<TopicPartition> partitions(Collection<String> topics) {
    return List.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1));
  }

  @Override
  public long earliest(String name, int partition) {
    return 0;
  }

  @Override
  public void close() {}
}
