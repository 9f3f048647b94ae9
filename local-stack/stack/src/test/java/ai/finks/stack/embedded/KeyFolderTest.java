package ai.finks.stack.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFolderTest {
  @TempDir Path folder;

  @Test
  void keysAreTheirOwnersOnly() throws IOException {
    KeyFolder keys = new KeyFolder(folder.resolve("home/keys"));

    keys.createMissing(List.of("content-hash"));

    assertThat(permissions(folder.resolve("home/keys"))).isEqualTo("rwx------");
    assertThat(permissions(keys.file("content-hash"))).isEqualTo("rw-------");
    assertThat(Files.readString(keys.file("content-hash"))).matches("[0-9a-f]{64}");
  }

  @Test
  void aKeyThatIsThereStaysAsItIs() throws IOException {
    KeyFolder keys = new KeyFolder(folder.resolve("keys"));
    keys.createMissing(List.of("content-hash"));
    String before = Files.readString(keys.file("content-hash"));

    keys.createMissing(List.of("content-hash", "transactions.client_name"));

    assertThat(Files.readString(keys.file("content-hash"))).isEqualTo(before);
    assertThat(Files.readString(keys.file("transactions.client_name"))).isNotEqualTo(before);
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
