package ai.finks.stack.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Set;

/**
 * The PII keys of a home: one file per key, {@code <name>.key} in hexadecimal digits, made when it
 * is first needed and never changed, because tokens and hashes must compare over years. Folder and
 * files are their owner's only.
 */
final class KeyFolder {
  private static final int KEY_BYTES = 32;
  private static final String SUFFIX = ".key";

  private final Path folder;

  KeyFolder(Path folder) {
    this.folder = folder;
  }

  /** Makes the keys that are missing. */
  void createMissing(Collection<String> names) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder.getParent());
      Files.createDirectory(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    for (String name : names) {
      if (!Files.exists(file(name))) {
        create(name);
      }
    }
  }

  Path file(String name) {
    return folder.resolve(name + SUFFIX);
  }

  /** A key that exists is whole and on disk: it appears under its name only when it is written. */
  private void create(String name) throws IOException {
    byte[] key = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(key);
    Path fresh = folder.resolve(name + SUFFIX + ".new");
    Files.deleteIfExists(fresh);
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      channel.write(
          ByteBuffer.wrap(HexFormat.of().formatHex(key).getBytes(StandardCharsets.US_ASCII)));
      channel.force(true);
    }
    try {
      Files.move(fresh, file(name), StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException e) {
      Files.delete(fresh);
    }
  }
}
