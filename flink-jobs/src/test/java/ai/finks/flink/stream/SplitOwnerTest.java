package ai.finks.flink.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumerator;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class SplitOwnerTest {

  @Test
  void partitionsAreExpectedWhereTheConnectorAssignsThem() throws Exception {
    Method connector =
        KafkaSourceEnumerator.class.getDeclaredMethod(
            "getSplitOwner", TopicPartition.class, int.class);
    connector.setAccessible(true);

    for (String topic :
        new String[] {"fmp.bars.raw.v1", "files.bars.raw.v1", "x", "polygenelubricants"}) {
      for (int partition = 0; partition < 12; partition++) {
        for (int parallelism = 1; parallelism < 6; parallelism++) {
          TopicPartition split = new TopicPartition(topic, partition);
          assertThat(SplitOwner.of(split, parallelism))
              .isEqualTo(connector.invoke(null, split, parallelism));
        }
      }
    }
  }
}
