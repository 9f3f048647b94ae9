package ai.finks.stack.lake;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.schemas.Topics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RawTopicTest {
  @Test
  void takesApartWhatTheSchemasPutTogether() {
    String topic = Topics.raw("fmp", "bars");

    assertThat(RawTopic.parse(topic)).contains(new RawTopic(topic, "fmp", "bars"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"bars.v1", "__consumer_offsets", "raw.v1", ".raw.v1", "bars.raw.v1", "a..raw.v1"})
  void otherTopicsAreNoRawTopics(String topic) {
    assertThat(RawTopic.parse(topic)).isEmpty();
  }
}
