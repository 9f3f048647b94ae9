package ai.finks.stack.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.finks.adapters.fmp.FmpConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FmpAccessTest {
  private static final String KEY = "CANARYKEYOFTHESERVICE";

  @TempDir Path folder;

  @Test
  void keyAndAddressComeFromTheEnvironmentUnlessTheyAreNamed() throws Exception {
    Path file = Files.writeString(folder.resolve("key"), "of-the-file\n");
    Map<String, String> environment =
        Map.of("FMP_API_KEY", KEY, "FMP_BASE_URL", "https://one.example", "OTHER_KEY", "other-key");

    FmpConfig usual = FmpAccess.live(4, null, null, environment);
    FmpConfig named = FmpAccess.live(2, "https://two.example/", "file:" + file, environment);

    assertThat(usual.baseUrl()).hasToString("https://one.example");
    assertThat(usual.apiKey().reveal()).isEqualTo(KEY);
    assertThat(named.baseUrl()).hasToString("https://two.example");
    assertThat(named.apiKey().reveal()).isEqualTo("of-the-file");
    assertThat(named.parallel()).isEqualTo(2);
    assertThat(FmpAccess.live(4, null, "env:OTHER_KEY", environment).apiKey().reveal())
        .isEqualTo("other-key");
    assertThat(FmpAccess.live(4, null, null, Map.of("FMP_API_KEY", KEY)).baseUrl())
        .isEqualTo(FmpConfig.LIVE);
  }

  @Test
  void missingKeySaysHowToGiveOne() {
    assertThatThrownBy(() -> FmpAccess.live(4, null, null, Map.of()))
        .isInstanceOfSatisfying(
            CommandFailure.class,
            failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContainingAll(
            "the environment variable FMP_API_KEY is not set", "--secret env:NAME", "file:PATH");
    assertThatThrownBy(() -> FmpAccess.live(4, null, "file:" + folder.resolve("none"), Map.of()))
        .hasMessageContaining(folder.resolve("none") + " cannot be read");
  }

  @Test
  void keyThatIsGivenInPlaceOfItsNameIsNotRepeated() {
    assertThatThrownBy(() -> FmpAccess.live(4, null, KEY, Map.of()))
        .hasMessageContaining("never the secret")
        .hasMessageNotContaining(KEY);
    assertThatThrownBy(
            () ->
                FmpAccess.live(
                    4, "https://one.example/?apikey=" + KEY, null, Map.of("FMP_API_KEY", KEY)))
        .hasMessageContaining("base-url")
        .hasMessageNotContaining(KEY);
  }
}
