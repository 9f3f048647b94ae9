package ai.finks.flink.silver.keys;

import ai.finks.flink.silver.core.PiiKeys;
import ai.finks.schemas.contract.Contract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Keeps Silver's secret keys in a folder that only its owner may read: one file {@code <name>.key}
 * of 64 hexadecimal digits per key.
 */
public final class KeyDirectory {

  private static final String SUFFIX = ".key";
  private static final int KEY_BYTES = 32;

  private KeyDirectory() {}

  /**
   * Makes the keys that contracts need and the folder does not hold. Keys that are there stay: a
   * new one would make every token and hash written so far useless.
   */
  public static void createMissing(Path folder, Collection<Contract> contracts) {
    Set<String> names = new TreeSet<>();
    contracts.forEach(contract -> names.addAll(PiiKeys.namesFor(contract)));
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectories(folder);
        restrict(folder, "rwx------");
      }
      SecureRandom random = new SecureRandom();
      for (String name : names) {
        Path file = folder.resolve(name + SUFFIX);
        if (!Files.exists(file)) {
          create(folder, file, random);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write keys into " + folder, e);
    }
  }

  /** The file appears whole or not at all, and never in place of one that came first. */
  private static void create(Path folder, Path file, SecureRandom random) throws IOException {
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    StringBuilder hex = new StringBuilder();
    for (byte b : key) {
      hex.append(String.format("%02x", b));
    }
    Path draft = Files.createTempFile(folder, "draft", ".tmp");
    try {
      restrict(draft, "rw-------");
      Files.writeString(draft, hex.append('\n'));
      Files.createLink(file, draft);
    } catch (FileAlreadyExistsException e) {
      // Another process made the key in between: that one counts.
    } catch (UnsupportedOperationException e) {
      Files.move(draft, file);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  private static void restrict(Path path, String permissions) throws IOException {
    if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }
  }

  /**
   * Loads the keys of a folder.
   *
   * @throws IllegalArgumentException when a file does not hold a key
   */
  public static PiiKeys load(Path folder) {
    Map<String, String> keys = new HashMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.collect(Collectors.toList())) {
        String name = file.getFileName().toString();
        if (name.endsWith(SUFFIX)) {
          keys.put(name.substring(0, name.length() - SUFFIX.length()), Files.readString(file));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read keys from " + folder, e);
    }
    return PiiKeys.parse(keys);
  }
}
