package ai.finks.flink.silver.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.finks.schemas.SchemaCatalog;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** Wrapping keys that AWS keeps, against moto's stand-in for KMS and Secrets Manager. */
class AwsKeysTest {
  private static final Path PYTHON = Path.of("../.finks/test-venv/bin/python");
  private static final Pattern READY = Pattern.compile("Running on (http://127\\.0\\.0\\.1:\\d+)");
  private static final Map<String, String> PROPERTIES = new TreeMap<>();

  private static @Nullable Process moto;

  @TempDir Path home;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(
        Files.isExecutable(PYTHON),
        "SKIPPED: no " + PYTHON + " with moto; ./finks test prepares it");
    Process started =
        new ProcessBuilder(PYTHON.toString(), "-m", "moto.server", "-H", "127.0.0.1", "-p", "0")
            .redirectErrorStream(true)
            .start();
    moto = started;
    BufferedReader output =
        new BufferedReader(new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8));
    StringBuilder said = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      said.append(line).append('\n');
      Matcher ready = READY.matcher(line);
      if (ready.find()) {
        set("aws.endpointUrl", ready.group(1));
        break;
      }
    }
    assertThat(PROPERTIES).as(said.toString()).isNotEmpty();
    // Nobody reads on, and a full pipe would stop the server.
    Thread drain = new Thread(() -> output.lines().forEach(line -> {}), "moto-output");
    drain.setDaemon(true);
    drain.start();
    set("aws.region", "eu-central-1");
    set("aws.accessKeyId", "test");
    set("aws.secretAccessKey", "test");
  }

  private static void set(String property, String value) {
    PROPERTIES.put(property, value);
    System.setProperty(property, value);
  }

  @AfterAll
  static void stop() throws Exception {
    PROPERTIES.keySet().forEach(System::clearProperty);
    Process started = moto;
    if (started != null) {
      started.destroy();
      started.waitFor(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void keysWrappedByKmsOpenThereAloneAndSurviveAChangeOfTheKmsKey() throws IOException {
    String first = kmsKey();
    String second = kmsKey();
    Map<String, String> before = create();

    KeyRotation toKms = KeyDirectory.rotate(keys(), "aws-kms:" + first);
    Map<String, String> underKms = plain();
    KeyRotation toSecond = KeyDirectory.rotate(keys(), "aws-kms:" + second);

    assertThat(underKms).isEqualTo(before);
    assertThat(plain()).isEqualTo(before);
    assertThat(toKms.newId()).contains(first);
    assertThat(toSecond.oldId()).isEqualTo(toKms.newId());
    assertThat(home.resolve("wrapping")).as("nothing on this machine opens it").isEmptyDirectory();
    KeyDirectory.load(keys());
  }

  @Test
  void keyThatKmsDisabledIsNamedAndOpensAgainOnceItIsEnabled() throws IOException {
    String key = kmsKey();
    Map<String, String> before = create();
    KeyDirectory.rotate(keys(), "aws-kms:" + key);

    try (KmsClient client = kms()) {
      client.disableKey(request -> request.keyId(key));
      assertThatThrownBy(() -> KeyDirectory.load(keys()))
          .hasMessageContainingAll("aws-kms:" + key, "Disabled", "Enable it");
      assertThatThrownBy(() -> KeyDirectory.rotate(keys(), "aws-kms:" + kmsKey()))
          .as("what it wraps cannot be wrapped anew")
          .hasMessageContainingAll("aws-kms:" + key, "Disabled");
      client.enableKey(request -> request.keyId(key));
      assertThat(plain()).isEqualTo(before);

      client.scheduleKeyDeletion(request -> request.keyId(key));
      assertThatThrownBy(() -> KeyDirectory.load(keys()))
          .hasMessageContainingAll("aws-kms:" + key, "PendingDeletion");
    }
  }

  @Test
  void keyringIsNotRotatedToAKeyThatKmsDisabled() throws IOException {
    String key = kmsKey();
    Map<String, String> before = create();
    try (KmsClient client = kms()) {
      client.disableKey(request -> request.keyId(key));
    }

    assertThatThrownBy(() -> KeyDirectory.rotate(keys(), "aws-kms:" + key))
        .hasMessageContaining("Disabled");
    assertThat(plain()).isEqualTo(before);
  }

  @Test
  void secretThatWasRotatedOpensWhatItsPreviousVersionWrapped() throws IOException {
    secret("finks/wrapping", "0a".repeat(32));
    Map<String, String> before = create();
    KeyRotation toSecret = KeyDirectory.rotate(keys(), "aws-secret:finks/wrapping");
    newVersion("finks/wrapping", "0b".repeat(32));

    assertThat(plain()).isEqualTo(before);
    KeyRotation rotated = KeyDirectory.rotate(keys(), null);

    assertThat(plain()).isEqualTo(before);
    assertThat(rotated.oldId()).isEqualTo(toSecret.newId());
    assertThat(rotated.newId()).isNotEqualTo(rotated.oldId());
  }

  @Test
  void keyringItselfMayBeASecret() throws IOException {
    create();
    KeyDirectory.rotate(keys(), "aws-kms:" + kmsKey());
    secret("finks/keyring", Files.readString(keys().resolve("keyring.json")));

    assertThat(KeyDirectory.load("aws-secret:finks/keyring").toString())
        .isEqualTo(KeyDirectory.load(keys()).toString())
        .contains("content-hash");
  }

  @Test
  void whatAwsRefusesIsNamedWithWhatToDo() {
    assertThatThrownBy(() -> new KeyPlaces(home, System::getenv).open("aws-secret:none", null))
        .hasMessageContainingAll("aws-secret:none", "cannot be used", "role");
    assertThatThrownBy(() -> new KeyPlaces(home, System::getenv).open("aws-kms:none", null))
        .hasMessageContainingAll("aws-kms:none", "cannot be used");
  }

  private Path keys() {
    return home.resolve("keys");
  }

  private Map<String, String> create() throws IOException {
    KeyDirectory.createMissing(
        keys(), SchemaCatalog.load(Path.of("../schemas")).contracts(), entity -> false);
    return plain();
  }

  private Map<String, String> plain() throws IOException {
    Map<String, String> plain = new TreeMap<>();
    Keyring ring = Keyring.parse("test", Files.readString(keys().resolve("keyring.json")));
    ring.unwrap("test", new KeyPlaces(keys(), System::getenv).open(ring.place(), ring.wrappingId()))
        .forEach((name, key) -> plain.put(name, Hex.of(key)));
    return plain;
  }

  private static String kmsKey() {
    try (KmsClient client = kms()) {
      return client.createKey().keyMetadata().keyId();
    }
  }

  private static KmsClient kms() {
    return KmsClient.builder().httpClient(UrlConnectionHttpClient.create()).build();
  }

  private static void secret(String name, String text) {
    try (SecretsManagerClient client = secrets()) {
      client.createSecret(request -> request.name(name).secretString(text));
    }
  }

  private static void newVersion(String name, String text) {
    try (SecretsManagerClient client = secrets()) {
      client.putSecretValue(request -> request.secretId(name).secretString(text));
    }
  }

  private static SecretsManagerClient secrets() {
    return SecretsManagerClient.builder().httpClient(UrlConnectionHttpClient.create()).build();
  }
}
