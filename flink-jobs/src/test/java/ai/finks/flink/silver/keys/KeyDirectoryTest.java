package ai.finks.flink.silver.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.finks.flink.silver.core.SilverPlan;
import ai.finks.schemas.SchemaCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyDirectoryTest {

  private static final SchemaCatalog CATALOG = SchemaCatalog.load(Path.of("../schemas"));

  private static final Predicate<String> NOTHING_WRITTEN = entity -> false;

  @TempDir Path folder;

  @Test
  void createsWhatTheContractsNeedForTheOwnerOnly() throws IOException {
    Path keys = folder.resolve("keys");

    KeyDirectory.createMissing(keys, CATALOG.contracts(), NOTHING_WRITTEN);

    assertThat(keys)
        .isDirectoryContaining("glob:**/content-hash.key")
        .isDirectoryContaining("glob:**/transactions.client_name.key")
        .isDirectoryNotContaining("glob:**/*.tmp");
    assertThat(permissions(keys)).isEqualTo("rwx------");
    assertThat(permissions(keys.resolve("content-hash.key"))).isEqualTo("rw-------");
    SilverPlan.compile(
        CATALOG.contract("transactions").orElseThrow(),
        CATALOG.bindingsOf("transactions"),
        KeyDirectory.load(keys));
  }

  @Test
  void keysThatAreThereStay() throws IOException {
    KeyDirectory.createMissing(folder, CATALOG.contracts(), NOTHING_WRITTEN);
    String before = Files.readString(folder.resolve("content-hash.key"));
    Files.delete(folder.resolve("transactions.client_name.key"));

    KeyDirectory.createMissing(folder, CATALOG.contracts(), NOTHING_WRITTEN);

    assertThat(Files.readString(folder.resolve("content-hash.key"))).isEqualTo(before);
    assertThat(folder.resolve("transactions.client_name.key")).exists();
  }

  @Test
  void lostKeyOfAWrittenTableIsNeverMadeAnew() throws IOException {
    KeyDirectory.createMissing(folder, CATALOG.contracts(), NOTHING_WRITTEN);
    Path lost = folder.resolve("transactions.client_name.key");
    Files.delete(lost);

    assertThatThrownBy(
            () ->
                KeyDirectory.createMissing(
                    folder, CATALOG.contracts(), entity -> entity.equals("transactions")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll(
            lost.toString(), "transactions", "Restore " + folder, "start with a new home");
    assertThat(lost).doesNotExist();
  }

  @Test
  void lostSharedKeyIsMissedByEveryWrittenTable() {
    Path empty = folder.resolve("keys");

    assertThatThrownBy(
            () ->
                KeyDirectory.createMissing(
                    empty, CATALOG.contracts(), entity -> !entity.equals("transactions")))
        .hasMessageContaining("content-hash.key")
        .hasMessageContaining("bars, quotes");
    assertThat(empty).doesNotExist();
  }

  @Test
  void keyThatNoWrittenTableUsedIsMade() {
    KeyDirectory.createMissing(folder, CATALOG.contracts(), NOTHING_WRITTEN);
    Path unused = folder.resolve("transactions.client_name.key");
    assertThat(unused.toFile().delete()).isTrue();

    KeyDirectory.createMissing(folder, CATALOG.contracts(), entity -> entity.equals("bars"));

    assertThat(unused).exists();
  }

  @Test
  void brokenKeyFileIsNamedWithoutItsContent() throws IOException {
    Files.writeString(folder.resolve("content-hash.key"), "CANARY");

    assertThatThrownBy(() -> KeyDirectory.load(folder))
        .hasMessage("the key 'content-hash' is not in hexadecimal digits");
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
