package ai.finks.adapters.secret;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretSourceTest {
  @TempDir Path folder;

  @Test
  void namesSayWhereASecretIs() throws Exception {
    Path file = Files.writeString(folder.resolve("key"), " in-the-file\n");
    SecretSource secrets = SecretSource.standard(Map.of("KEY", "in-the-variable"));

    assertThat(secrets.get("KEY").reveal()).isEqualTo("in-the-variable");
    assertThat(secrets.get("env:KEY").reveal()).isEqualTo("in-the-variable");
    assertThat(secrets.get("file:" + file).reveal()).isEqualTo("in-the-file");
  }

  @Test
  void aSecretThatIsNotThereIsNamed() throws Exception {
    SecretSource secrets = SecretSource.standard(Map.of("BLANK", " "));
    assertThatThrownBy(() -> secrets.get("env:NONE")).hasMessageContaining("NONE is not set");
    assertThatThrownBy(() -> secrets.get("BLANK")).hasMessageContaining("BLANK is not set");
    assertThatThrownBy(() -> secrets.get("file:/no/such")).hasMessageContaining("/no/such");
    Path two = Files.writeString(folder.resolve("two"), "a\nb\n");
    assertThatThrownBy(() -> secrets.get("file:" + two)).hasMessageContaining("one line");
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3cretGivenAsItsName", "env:s3cretGivenAsItsName"})
  void aSecretInPlaceOfItsNameIsNotRepeated(String name) {
    assertThatThrownBy(() -> SecretSource.standard(Map.of()).get(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("env:NAME, file:PATH or aws:NAME")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void aSecretShowsNowhere() {
    Secret secret = Secret.of("tell-me-not-4711");
    assertThat(secret.toString()).isEqualTo("***");
    assertThat(secret.redact("x tell-me-not-4711 y tell-me-not-4711")).isEqualTo("x *** y ***");
    assertThat(secret.isIn("xxtell-me-not-4711".getBytes(UTF_8))).isTrue();
    assertThat(secret.isIn("tell-me-not-471".getBytes(UTF_8))).isFalse();
    assertThat(Secret.of("demo").isIn("a demo company".getBytes(UTF_8))).isFalse();
  }
}
