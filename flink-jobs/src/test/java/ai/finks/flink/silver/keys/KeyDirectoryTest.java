package ai.finks.flink.silver.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.finks.flink.silver.core.SilverPlan;
import ai.finks.schemas.SchemaCatalog;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyDirectoryTest {

  private static final SchemaCatalog CATALOG = SchemaCatalog.load(Path.of("../schemas"));

  private static final Predicate<String> NOTHING_WRITTEN = entity -> false;

  private static final Predicate<String> ALL_WRITTEN = entity -> true;

  private static final String BROUGHT_KEY = "0f".repeat(32);

  @TempDir Path home;
  private Path keys;

  @BeforeEach
  void nameFolder() {
    keys = home.resolve("keys");
  }

  @Test
  void createsWhatTheContractsNeedForTheOwnerOnlyAndWrapped() throws IOException {
    create(NOTHING_WRITTEN);

    assertThat(permissions(keys)).isEqualTo("rwx------");
    assertThat(permissions(keyring())).isEqualTo("rw-------");
    assertThat(permissions(home.resolve("wrapping"))).isEqualTo("rwx------");
    assertThat(permissions(wrappingKey())).isEqualTo("rw-------");
    assertThat(keys).isDirectoryNotContaining("glob:**/*.tmp");
    assertThat(names()).contains("content-hash", "transactions.client_name");
    SilverPlan.compile(
        CATALOG.contract("transactions").orElseThrow(),
        CATALOG.bindingsOf("transactions"),
        KeyDirectory.load(keys));
  }

  @Test
  void keysThatAreThereStay() throws IOException {
    create(NOTHING_WRITTEN);
    Map<String, String> before = plain();
    remove("transactions.client_name");

    create(NOTHING_WRITTEN);

    assertThat(plain())
        .hasSameSizeAs(before)
        .containsEntry("content-hash", before.get("content-hash"));
    assertThat(plain().get("transactions.client_name"))
        .isNotEqualTo(before.get("transactions.client_name"));
  }

  @Test
  void lostKeyOfAWrittenTableIsNeverMadeAnew() throws IOException {
    create(NOTHING_WRITTEN);
    remove("transactions.client_name");
    String before = Files.readString(keyring());

    assertThatThrownBy(() -> create(entity -> entity.equals("transactions")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll(
            "'transactions.client_name'", keyring().toString(), "start with a new home");
    assertThat(keyring()).hasContent(before);
  }

  @Test
  void lostFolderIsMissedByEveryWrittenTable() {
    assertThatThrownBy(() -> create(entity -> !entity.equals("transactions")))
        .hasMessageContaining("'content-hash'")
        .hasMessageContaining("bars, bars_intraday, quotes");
    assertThat(keys).doesNotExist();
  }

  @Test
  void folderOfPlainKeysComesOverWithTheSameKeys() throws IOException {
    Files.createDirectories(keys);
    for (String name :
        List.of("content-hash", "transactions.client_name", "transactions.client_email")) {
      Files.writeString(keys.resolve(name + ".key"), BROUGHT_KEY + "\n");
    }

    create(ALL_WRITTEN);

    assertThat(plain())
        .containsOnlyKeys("content-hash", "transactions.client_name", "transactions.client_email")
        .containsValues(BROUGHT_KEY);
    assertThat(keys).isDirectoryNotContaining("glob:**/*.key");
    assertThat(Files.readString(keyring())).doesNotContain(BROUGHT_KEY);
  }

  @Test
  void comingOverGoesOnWhereItWasKilled() throws IOException {
    create(NOTHING_WRITTEN);
    Map<String, String> before = plain();
    Files.writeString(keys.resolve("content-hash.key"), before.get("content-hash"));

    assertThat(plain()).isEqualTo(before);
    create(ALL_WRITTEN);

    assertThat(plain()).isEqualTo(before);
    assertThat(keys).isDirectoryNotContaining("glob:**/*.key");
  }

  @Test
  void anotherKeyOfTheSameNameIsRefused() throws IOException {
    create(NOTHING_WRITTEN);
    Files.writeString(keys.resolve("content-hash.key"), BROUGHT_KEY);

    assertThatThrownBy(() -> KeyDirectory.load(keys))
        .hasMessageContainingAll("'content-hash'", "content-hash.key", "Remove the file");
  }

  @Test
  void rotationChangesTheWrappingAndNoKey() throws IOException {
    create(NOTHING_WRITTEN);
    Map<String, String> before = plain();
    Path oldWrapping = wrappingKey();
    String oldRing = Files.readString(keyring());

    KeyRotation rotation = KeyDirectory.rotate(keys, null);

    assertThat(plain()).isEqualTo(before);
    assertThat(rotation.names()).isEqualTo(before.keySet());
    assertThat(rotation.newId()).isNotEqualTo(rotation.oldId());
    assertThat(oldWrapping).doesNotExist();
    assertThat(wrappingKey()).exists();
    assertThat(Files.readString(keyring())).isNotEqualTo(oldRing);
  }

  @Test
  void rotationThatWasKilledLeavesTheOldWrappingKeyInForce() throws IOException {
    create(NOTHING_WRITTEN);
    Map<String, String> before = plain();
    Path used = wrappingKey();
    Path leftBehind = home.resolve("wrapping/aes-0123456789abcdef.key");
    Files.writeString(leftBehind, BROUGHT_KEY);

    assertThat(plain()).isEqualTo(before);
    KeyDirectory.rotate(keys, null);

    assertThat(plain()).isEqualTo(before);
    assertThat(List.of(used, leftBehind)).allSatisfy(file -> assertThat(file).doesNotExist());
  }

  @Test
  void rotationToTheSameKeyIsRefused() throws IOException {
    create(NOTHING_WRITTEN);
    Path copy = Files.copy(wrappingKey(), home.resolve("copy"));

    assertThatThrownBy(() -> KeyDirectory.rotate(keys, "file:" + copy))
        .hasMessageContainingAll("the wrapping key of now", "--wrapping");
  }

  @Test
  void lostWrappingKeyIsNamedWithWhatToDo() throws IOException {
    create(NOTHING_WRITTEN);
    Path wrapping = wrappingKey();
    Files.delete(wrapping);

    assertThatThrownBy(() -> create(ALL_WRITTEN))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll(
            wrapping.getFileName().toString().replace(".key", ""),
            wrapping.toString(),
            "restore it");
  }

  @Test
  void wrongWrappingKeyIsNamedWithTheRightOne() throws IOException {
    create(NOTHING_WRITTEN);
    String right = wrappingKey().getFileName().toString().replace(".key", "");
    Files.writeString(wrappingKey(), BROUGHT_KEY);

    assertThatThrownBy(() -> KeyDirectory.load(keys))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll(
            right, AesWrappingKey.of(Hex.parse(BROUGHT_KEY)).id(), "Put that one back")
        .hasMessageNotContaining(BROUGHT_KEY);
  }

  @Test
  void alteredKeyIsNamed() throws IOException {
    create(NOTHING_WRITTEN);
    ObjectNode ring = ring();
    ObjectNode wrapped = (ObjectNode) ring.get("keys");
    wrapped.put("content-hash", wrapped.get("transactions.client_name").asText());
    Files.writeString(keyring(), ring.toString());

    assertThatThrownBy(() -> KeyDirectory.load(keys))
        .as("each key is bound to its name")
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll("'content-hash'", "altered or is damaged", "Restore it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "CANARY", "{}", "{\"version\":1,\"keys\":{\"a\":\"CANARY!\"}}"})
  void damagedKeyringIsNamedWithoutItsContent(String text) throws IOException {
    create(NOTHING_WRITTEN);
    Files.writeString(keyring(), text);

    assertThatThrownBy(() -> KeyDirectory.load(keys))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll(keyring().toString(), "Restore it from its backup")
        .hasMessageNotContaining("CANARY");
  }

  @Test
  void brokenKeyFileIsNamedWithoutItsContent() throws IOException {
    Files.createDirectories(keys);
    Files.writeString(keys.resolve("content-hash.key"), "CANARY");

    assertThatThrownBy(() -> KeyDirectory.load(keys))
        .hasMessage("the key 'content-hash' is not in hexadecimal digits");
  }

  @Test
  void wrappingKeyFromTheEnvironment() {
    KeyPlaces places = new KeyPlaces(home, Map.of("WRAPPING", BROUGHT_KEY)::get);

    assertThat(places.open("env:WRAPPING", null).id())
        .isEqualTo(AesWrappingKey.of(Hex.parse(BROUGHT_KEY)).id());
    assertThatThrownBy(() -> places.open("env:OTHER", "aes-1"))
        .hasMessageContainingAll("aes-1", "env:OTHER", "set it");
    assertThatThrownBy(() -> places.open("vault:x", null)).hasMessageContaining("vault:x");
  }

  @Test
  void whatIsWrappedOpensUnderItsNameAloneAndNeverLooksTheSame() throws Exception {
    AesWrappingKey key = AesWrappingKey.of(new byte[32]);
    byte[] secret = "thirty-two bytes of secret key!!".getBytes(UTF_8);
    byte[] wrapped = key.wrap("a", secret);

    assertThat(key.unwrap("a", wrapped)).isEqualTo(secret);
    assertThat(key.wrap("a", secret)).isNotEqualTo(wrapped);
    assertThatThrownBy(() -> key.unwrap("b", wrapped))
        .isInstanceOf(WrappingKey.AlteredKeyException.class);
    for (int i = 0; i < wrapped.length; i++) {
      byte[] altered = wrapped.clone();
      altered[i] ^= 1;
      assertThatThrownBy(() -> key.unwrap("a", altered))
          .isInstanceOf(WrappingKey.AlteredKeyException.class);
    }
  }

  private void create(Predicate<String> written) {
    KeyDirectory.createMissing(keys, CATALOG.contracts(), written);
  }

  private Path keyring() {
    return keys.resolve("keyring.json");
  }

  private Path wrappingKey() throws IOException {
    try (Stream<Path> files = Files.list(home.resolve("wrapping"))) {
      return files
          .filter(f -> !f.toString().contains("0123456789abcdef"))
          .findFirst()
          .orElseThrow();
    }
  }

  private ObjectNode ring() throws IOException {
    return (ObjectNode) new ObjectMapper().readTree(Files.readString(keyring()));
  }

  private void remove(String name) throws IOException {
    ObjectNode ring = ring();
    ((ObjectNode) ring.get("keys")).remove(name);
    Files.writeString(keyring(), ring.toString());
  }

  private List<String> names() throws IOException {
    List<String> names = new ArrayList<>();
    ring().get("keys").fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** Every key in the open, by its name. */
  private Map<String, String> plain() throws IOException {
    Map<String, String> plain = new TreeMap<>();
    Keyring ring = Keyring.parse("test", Files.readString(keyring()));
    ring.unwrap("test", new KeyPlaces(keys, System::getenv).open(ring.place(), null))
        .forEach((name, key) -> plain.put(name, Hex.of(key)));
    KeyDirectory.load(keys);
    return plain;
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
