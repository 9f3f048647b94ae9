package ai.finks.flink.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.finks.flink.table.StreamPartition;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RebuildConfigTest {
  private static final StreamPartition BARS = StreamPartition.of("fmp.bars.raw.v1", "any", 0);

  private static Map<String, String> required() {
    Map<String, String> keys = new HashMap<>();
    keys.put("lake.root", "s3://lake");
    keys.put("catalog.uri", "jdbc:sqlite:finks.db");
    keys.put("schemas.dir", "schemas");
    keys.put("keys.dir", "keys");
    return keys;
  }

  @Test
  void defaultsAreTheDocumentedOnes() {
    RebuildConfig config = RebuildConfig.of(required());

    assertThat(config.lakeRoot()).isEqualTo("s3://lake");
    assertThat(config.schemasDir()).isEqualTo(Path.of("schemas"));
    assertThat(config.keysDir()).isEqualTo(Path.of("keys"));
    assertThat(config.catalog().name()).isEqualTo("finks");
    assertThat(config.entities()).isEmpty();
    assertThat(config.checkpointInterval()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.parallelism()).isEqualTo(1);
    assertThat(config.isUpToTables()).isFalse();
    assertThat(config.acceptedGaps().accept(BARS, 0, 1)).isFalse();
  }

  @Test
  void everyKeyIsRead() {
    Map<String, String> keys = required();
    keys.put("entities", "bars, quotes");
    keys.put("checkpoint.interval", "5s");
    keys.put("parallelism", "4");
    keys.put("up-to-tables", "true");
    keys.put("accept-gap", "fmp.bars.raw.v1:0:3-7");

    RebuildConfig config = RebuildConfig.of(keys);

    assertThat(config.entities()).isEqualTo(List.of("bars", "quotes"));
    assertThat(config.checkpointInterval()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.parallelism()).isEqualTo(4);
    assertThat(config.isUpToTables()).isTrue();
    assertThat(config.acceptedGaps().accept(BARS, 3, 8)).isTrue();
    assertThat(config.acceptedGaps().accept(BARS, 2, 8)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"lake.root", "schemas.dir", "keys.dir"})
  void missingKeyIsNamed(String key) {
    Map<String, String> keys = required();
    keys.remove(key);

    assertThatThrownBy(() -> RebuildConfig.of(keys)).hasMessageContaining(key);
  }

  @ParameterizedTest
  @CsvSource({"parallelism,0", "checkpoint.interval,soon", "accept-gap,all", "no.such.key,1"})
  void wrongValueAndUnknownKeyAreRefused(String key, String value) {
    Map<String, String> keys = required();
    keys.put(key, value);

    assertThatThrownBy(() -> RebuildConfig.of(keys))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(key);
  }
}
