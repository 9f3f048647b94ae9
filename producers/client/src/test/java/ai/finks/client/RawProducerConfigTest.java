package ai.finks.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RawProducerConfigTest {
  private static final Map<String, String> REQUIRED =
      Map.of("bootstrap-servers", "localhost:9092", "registry-url", "http://localhost:8081/v7");

  @Test
  void defaultsAreThese() {
    assertThat(RawProducerConfig.of(REQUIRED))
        .isEqualTo(
            new RawProducerConfig(
                "localhost:9092",
                URI.create("http://localhost:8081/v7"),
                Duration.ofMinutes(2),
                64 << 20,
                256 << 10,
                Duration.ofMillis(20),
                32 << 20,
                Map.of()));
  }

  @Test
  void everyKeyIsRead() {
    Map<String, String> settings = new HashMap<>(REQUIRED);
    settings.put("delivery-timeout", "PT5S");
    settings.put("buffer-bytes", "2000000");
    settings.put("batch-bytes", "1000");
    settings.put("linger", "PT0S");
    settings.put("max-record-bytes", "1000000");
    settings.put("kafka.security.protocol", "SASL_SSL");

    RawProducerConfig config = RawProducerConfig.of(settings);

    assertThat(config.deliveryTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.bufferBytes()).isEqualTo(2_000_000);
    assertThat(config.batchBytes()).isEqualTo(1000);
    assertThat(config.linger()).isZero();
    assertThat(config.maxRecordBytes()).isEqualTo(1_000_000);
    assertThat(config.producerProperties())
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("acks", "all")
        .containsEntry("enable.idempotence", "true")
        .containsEntry("compression.type", "lz4");
  }

  @ParameterizedTest
  @CsvSource({
    "delivery-timeout,soon",
    "delivery-timeout,PT0S",
    "buffer-bytes,-1",
    "buffer-bytes,10",
    "batch-bytes,many",
    "batch-bytes,9999999999",
    "registry-url,nowhere",
    "bootstrap-servers,' '",
    "colour,blue",
  })
  void aValueThatCannotBeUsedStopsTheStartWithKeyAndValue(String key, String value) {
    Map<String, String> settings = new HashMap<>(REQUIRED);
    settings.put(key, value);
    assertThatThrownBy(() -> RawProducerConfig.of(settings))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(key);
  }

  @Test
  void aMissingKeyIsNamed() {
    assertThatThrownBy(() -> RawProducerConfig.of(Map.of("bootstrap-servers", "a:1")))
        .hasMessageContaining("registry-url");
  }
}
