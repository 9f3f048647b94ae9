package ai.finks.flink.silver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SilverConfigTest {
  private static Map<String, String> required() {
    Map<String, String> keys = new HashMap<>();
    keys.put("lake.root", "s3://lake");
    keys.put("catalog.uri", "jdbc:sqlite:finks.db");
    keys.put("kafka.bootstrap-servers", "broker:9092");
    keys.put("registry.url", "http://registry/apis/ccompat/v7");
    keys.put("schemas.dir", "schemas");
    keys.put("keys.dir", "keys");
    return keys;
  }

  @Test
  void defaultsAreTheDocumentedOnes() {
    SilverConfig config = SilverConfig.of(required());

    assertThat(config.entities()).isEmpty();
    assertThat(config.checkpointInterval()).isEqualTo(Duration.ofSeconds(2));
    assertThat(config.snapshotAge()).isEqualTo(Duration.ofMinutes(10));
    assertThat(config.parallelism()).isEqualTo(2);
    assertThat(config.hasTypedTopic()).isTrue();
    assertThat(config.takesOver()).isFalse();
    assertThat(config.catalog().name()).isEqualTo("finks");
  }

  @Test
  void everyKeyIsRead() {
    Map<String, String> keys = required();
    keys.put("entities", "bars, quotes");
    keys.put("checkpoint.interval", "500ms");
    keys.put("snapshot.age", "1h");
    keys.put("parallelism", "8");
    keys.put("typed-topic", "false");
    keys.put("take-over", "true");
    keys.put("kafka.property.security.protocol", "SSL");

    SilverConfig config = SilverConfig.of(keys);

    assertThat(config.entities()).isEqualTo(List.of("bars", "quotes"));
    assertThat(config.checkpointInterval()).isEqualTo(Duration.ofMillis(500));
    assertThat(config.snapshotAge()).isEqualTo(Duration.ofHours(1));
    assertThat(config.parallelism()).isEqualTo(8);
    assertThat(config.hasTypedTopic()).isFalse();
    assertThat(config.takesOver()).isTrue();
    assertThat(config.kafkaProperties())
        .containsEntry("bootstrap.servers", "broker:9092")
        .containsEntry("security.protocol", "SSL");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lake.root",
        "catalog.uri",
        "kafka.bootstrap-servers",
        "registry.url",
        "schemas.dir",
        "keys.dir"
      })
  void missingKeyIsNamed(String key) {
    Map<String, String> keys = required();
    keys.remove(key);

    assertThatThrownBy(() -> SilverConfig.of(keys)).hasMessageContaining("'" + key + "'");
  }

  @ParameterizedTest
  @CsvSource({
    "paralellism,2",
    "catalog.url,x",
    "parallelism,0",
    "parallelism,two",
    "take-over,yes",
    "registry.url,registry:8081",
    "registry.url,ftp://registry",
    "entities,'bars,,quotes'",
    "checkpoint.interval,soon",
    "checkpoint.interval,0s"
  })
  void unknownKeyOrWrongValueIsNamed(String key, String value) {
    Map<String, String> keys = required();
    keys.put(key, value);

    assertThatThrownBy(() -> SilverConfig.of(keys)).hasMessageContaining("'" + key + "'");
  }
}
