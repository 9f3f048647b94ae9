package ai.finks.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.finks.adapters.secret.Secret;
import ai.finks.adapters.secret.SecretSource;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** An adapter's key from AWS Secrets Manager, found as a task on AWS finds it. */
class AwsSecretsTest {
  private static final String ENDPOINT = "aws.endpointUrl";
  private static final String KEY = "k3y-that-nobody-may-see";

  @TempDir static Path folder;
  private static @Nullable MotoServer moto;

  private final SecretSource secrets = SecretSource.standard(Map.of());

  @BeforeAll
  static void start() throws Exception {
    moto = MotoServer.start(folder);
    System.setProperty(ENDPOINT, moto.url().toString());
    try (SecretsManagerClient client =
        SecretsManagerClient.builder().httpClient(UrlConnectionHttpClient.create()).build()) {
      client.createSecret(request -> request.name("fmp/key").secretString(KEY));
      client.createSecret(
          request -> request.name("fmp/json").secretString("{\"key\":\"" + KEY + "\",\"n\":1}"));
      client.createSecret(
          request -> request.name("fmp/bytes").secretBinary(SdkBytes.fromUtf8String(KEY)));
    }
  }

  @AfterAll
  static void stop() {
    System.clearProperty(ENDPOINT);
    if (moto != null) {
      moto.close();
    }
  }

  @Test
  void aSecretIsFoundByItsName() {
    Secret secret = secrets.get("aws:fmp/key");

    assertThat(secret.reveal()).isEqualTo(KEY);
    assertThat(secret).hasToString("***");
  }

  @Test
  void aMemberOfAJsonObjectIsASecretToo() {
    assertThat(secrets.get("aws:fmp/json#key").reveal()).isEqualTo(KEY);
  }

  @Test
  void whatIsNotThereIsSaidWithoutTheSecret() {
    assertRefused("aws:fmp/none", "no secret fmp/none");
    assertRefused("aws:fmp/json#other", "no JSON object with a text other");
    assertRefused("aws:fmp/json#n", "no JSON object with a text n");
    assertRefused("aws:fmp/key#key", "no JSON object with a text key");
    assertRefused("aws:fmp/bytes", "is binary");
  }

  private void assertRefused(String name, String message) {
    assertThatThrownBy(() -> secrets.get(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining(KEY);
  }
}
