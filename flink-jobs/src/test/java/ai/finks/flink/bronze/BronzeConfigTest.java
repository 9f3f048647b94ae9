package ai.finks.flink.bronze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.finks.flink.table.StreamPartition;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BronzeConfigTest {
  private static final Map<String, String> REQUIRED =
      Map.of(
          "lake.root", "s3://lake/",
          "catalog.uri", "jdbc:sqlite:finks.db",
          "kafka.bootstrap-servers", "localhost:1",
          "registry.url", "http://localhost:2/apis/ccompat/v7",
          "topics", "fmp.bars.raw.v1, fmp.quotes.raw.v1");

  @Test
  void defaultsHoldWhereNothingIsSaid() {
    BronzeConfig config = BronzeConfig.of(REQUIRED);

    assertThat(config.bronzeRoot()).isEqualTo("s3://lake/bronze");
    assertThat(config.topics()).containsExactly("fmp.bars.raw.v1", "fmp.quotes.raw.v1");
    assertThat(config.registryUrl()).isEqualTo(URI.create("http://localhost:2/apis/ccompat/v7"));
    assertThat(config.checkpointInterval()).isEqualTo(Duration.ofSeconds(2));
    assertThat(config.snapshotAge()).isEqualTo(Duration.ofMinutes(10));
    assertThat(config.parallelism()).isEqualTo(2);
    assertThat(config.takesOver()).isFalse();
    assertThat(config.rollPolicy()).hasToString("objects of 16777216, open 67108864 bytes");
    assertThat(config.kafkaProperties()).isEqualTo(Map.of("bootstrap.servers", "localhost:1"));
  }

  @Test
  void everyKeyIsTaken() {
    Map<String, String> values = new HashMap<>(REQUIRED);
    values.put("checkpoint.interval", "500ms");
    values.put("snapshot.age", "1h");
    values.put("parallelism", "7");
    values.put("take-over", "true");
    values.put("accept-gap", "fmp.bars.raw.v1:0:0-4711");
    values.put("object.size", "1mb");
    values.put("open-objects.size", "2mb");
    values.put("kafka.property.client.id", "x");
    BronzeConfig config = BronzeConfig.of(values);

    assertThat(config.checkpointInterval()).isEqualTo(Duration.ofMillis(500));
    assertThat(config.snapshotAge()).isEqualTo(Duration.ofHours(1));
    assertThat(config.parallelism()).isEqualTo(7);
    assertThat(config.takesOver()).isTrue();
    assertThat(
            config.acceptedGaps().accept(StreamPartition.of("fmp.bars.raw.v1", "id", 0), 0, 4712))
        .isTrue();
    assertThat(config.rollPolicy()).hasToString("objects of 1048576, open 2097152 bytes");
    assertThat(config.kafkaProperties()).containsEntry("client.id", "x");
  }

  @ParameterizedTest
  @CsvSource({
    "topic,a,topic",
    "catalog.nme,a,catalog.nme",
    "topics,'a,,b',topics",
    "topics,'a,a',topics",
    "schemas.dir,schemas,schemas.dir",
    "registry.url,localhost,registry.url",
    "checkpoint.interval,soon,soon",
    "checkpoint.interval,0s,0s",
    "parallelism,0,parallelism",
    "parallelism,1.5,parallelism",
    "take-over,yes,yes",
    "accept-gap,all,accept-gap",
    "object.size,big,big",
    "object.size,0,object.size",
    "open-objects.size,1mb,open-objects.size",
    "lake.root,'',lake.root"
  })
  void wrongKeyOrValueIsRefusedByName(String key, String value, String named) {
    Map<String, String> values = new HashMap<>(REQUIRED);
    values.put(key, value);

    assertThatThrownBy(() -> BronzeConfig.of(values))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(named);
  }

  @Test
  void missingKeyIsRefusedByName() {
    for (String key : REQUIRED.keySet()) {
      Map<String, String> values = new HashMap<>(REQUIRED);
      values.remove(key);

      assertThatThrownBy(() -> BronzeConfig.of(values))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(key);
    }
  }
}
