package ai.finks.adapters.fmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.finks.adapters.secret.Secret;
import ai.finks.adapters.secret.SecretSource;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FmpConfigTest {
  private static final Secret KEY = Secret.of("a-key");
  private static final SecretSource SECRETS = name -> KEY;

  @Test
  void defaultsAreThese() {
    assertThat(FmpConfig.of(Map.of(), SECRETS))
        .isEqualTo(
            new FmpConfig(
                URI.create("https://financialmodelingprep.com"),
                KEY,
                300,
                4,
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                16 << 20,
                new RetryConfig(
                    20,
                    Duration.ofMillis(250),
                    Duration.ofSeconds(10),
                    Duration.ofMinutes(5),
                    20,
                    Duration.ofSeconds(15),
                    Duration.ofMinutes(10))));
  }

  @Test
  void everyKeyIsRead() {
    assertThat(
            FmpConfig.of(
                Map.ofEntries(
                    Map.entry("base-url", "http://localhost:1/"),
                    Map.entry("calls-per-minute", "1"),
                    Map.entry("parallel", "2"),
                    Map.entry("connect-timeout", "PT3S"),
                    Map.entry("response-timeout", "PT4S"),
                    Map.entry("stall-timeout", "PT5S"),
                    Map.entry("max-element-bytes", "60"),
                    Map.entry("retry.max-attempts", "7"),
                    Map.entry("retry.backoff", "PT0.008S"),
                    Map.entry("retry.max-backoff", "PT9S"),
                    Map.entry("retry.max-pause", "PT10S"),
                    Map.entry("retry.breaker-failures", "11"),
                    Map.entry("retry.breaker-pause", "PT12S"),
                    Map.entry("retry.give-up-after", "PT13S")),
                SECRETS))
        .isEqualTo(
            new FmpConfig(
                URI.create("http://localhost:1"),
                KEY,
                1,
                2,
                Duration.ofSeconds(3),
                Duration.ofSeconds(4),
                Duration.ofSeconds(5),
                60,
                new RetryConfig(
                    7,
                    Duration.ofMillis(8),
                    Duration.ofSeconds(9),
                    Duration.ofSeconds(10),
                    11,
                    Duration.ofSeconds(12),
                    Duration.ofSeconds(13))));
  }

  @ParameterizedTest
  @CsvSource({
    "base-url,ftp://x",
    "base-url,'not a url'",
    "calls-per-minute,0",
    "parallel,many",
    "stall-timeout,60",
    "retry.max-backoff,PT0.1S",
    "colour,blue",
    "apikey,secret",
  })
  void aValueThatCannotBeUsedStopsTheStartWithItsKey(String key, String value) {
    assertThatThrownBy(() -> FmpConfig.of(Map.of(key, value), SECRETS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(key);
  }

  @ParameterizedTest
  @ValueSource(strings = {"k3y\u200b", "\u201ck3y\u201d", "k3y 1", "k3y\u00e9"})
  void aKeyThatNoHeaderCanHoldIsRefusedWithoutRepeatingIt(String key) {
    assertThatThrownBy(() -> FmpConfig.of(Map.of(), name -> Secret.of(key)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("api-key")
        .hasMessageNotContaining("k3y");
  }

  @Test
  void aKeyInTheUrlIsRefusedWithoutRepeatingIt() {
    assertThatThrownBy(
            () -> FmpConfig.of(Map.of("base-url", "http://x/?apikey=hidden-value"), SECRETS))
        .hasMessageContaining("base-url")
        .hasMessageNotContaining("hidden-value");
  }

  @Test
  void itsTextDoesNotShowTheKey() {
    assertThat(FmpConfig.of(Map.of(), SECRETS).toString()).contains("***").doesNotContain("a-key");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "from=2024-01-01|symbols",
        "symbols=,|symbols",
        "symbols=A;from=yesterday|from",
        "symbols=A|from",
        "symbols=A;from=2024-01-02;to=2024-01-01|2024-01-02..2024-01-01",
        "symbols=A&apikey;from=2024-01-02|A&apikey",
        "symbols=A;from=2024-01-02;chunk-days=0|chunk-days",
        "symbols=A;from=2024-01-02;colour=blue|colour",
      })
  void aRequestThatCannotBeMadeIsRefusedWithItsKey(String settings, String named) {
    Map<String, String> values = new java.util.HashMap<>();
    for (String setting : settings.split(";")) {
      String[] parts = setting.split("=", 2);
      values.put(parts[0], parts[1]);
    }
    assertThatThrownBy(() -> FmpRequest.of(FmpRequest.Entity.BARS, values))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(named);
  }

  @Test
  void quotesHaveNoDates() {
    assertThatThrownBy(
            () ->
                FmpRequest.of(
                    FmpRequest.Entity.QUOTES, Map.of("symbols", "A", "from", "2024-01-01")))
        .hasMessageContaining("no from and to");
  }

  @Test
  void aRequestIsKnownAgainByItsArgs() {
    FmpRequest request =
        FmpRequest.of(
            FmpRequest.Entity.BARS, Map.of("symbols", "A B,A\nBRK-B", "from", "2024-01-01"));
    assertThat(request.symbols()).containsExactly("A", "B", "BRK-B");
    assertThat(FmpRequest.of(FmpRequest.Entity.BARS, request.args())).isEqualTo(request);
  }
}
