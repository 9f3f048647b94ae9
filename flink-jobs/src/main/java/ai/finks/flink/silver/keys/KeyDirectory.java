package ai.finks.flink.silver.keys;

import ai.finks.flink.silver.core.PiiKeys;
import ai.finks.schemas.contract.Contract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
   * new one would make every token and hash written so far useless. They are on disk, not only
   * written, when this returns.
   *
   * @param written whether an entity's Silver rows were written already, with the keys of its
   *     contract
   * @throws IllegalStateException when a key is missing that rows were written with; none is made
   */
  public static void createMissing(
      Path folder, Collection<Contract> contracts, Predicate<String> written) {
    Map<String, Set<String>> missing = missing(folder, contracts);
    missing.forEach((name, entities) -> refuseIfLost(folder, name, entities, written));
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectories(folder);
        restrict(folder, "rwx------");
        syncFolder(folder.toAbsolutePath().getParent());
      }
      SecureRandom random = new SecureRandom();
      for (String name : missing.keySet()) {
        create(folder, folder.resolve(name + SUFFIX), random);
      }
      // Also when nothing is new: whoever made the keys may have died before it was on disk.
      syncFolder(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write keys into " + folder, e);
    }
  }

  /** The names of the keys that are not there, each with the entities that need it. */
  private static Map<String, Set<String>> missing(Path folder, Collection<Contract> contracts) {
    Map<String, Set<String>> missing = new TreeMap<>();
    for (Contract contract : contracts) {
      for (String name : PiiKeys.namesFor(contract)) {
        if (!Files.exists(folder.resolve(name + SUFFIX))) {
          missing.computeIfAbsent(name, key -> new TreeSet<>()).add(contract.entity());
        }
      }
    }
    return missing;
  }

  private static void refuseIfLost(
      Path folder, String name, Set<String> entities, Predicate<String> written) {
    List<String> affected = entities.stream().filter(written).collect(Collectors.toList());
    if (!affected.isEmpty()) {
      throw new IllegalStateException(
          String.format(
              "The key file %s is missing, but the Silver tables of %s were written with it:"
                  + " tokens and hashes made with another key would match none of theirs."
                  + " Restore %s from its backup, or start with a new home.",
              folder.resolve(name + SUFFIX), String.join(", ", affected), folder));
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
      try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
        ByteBuffer text = StandardCharsets.US_ASCII.encode(hex.append('\n').toString());
        while (text.hasRemaining()) {
          channel.write(text);
        }
        channel.force(true);
      }
      Files.createLink(file, draft);
    } catch (FileAlreadyExistsException e) {
      // Another process made the key in between: that one counts.
    } catch (UnsupportedOperationException e) {
      Files.move(draft, file);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  /** Makes the names in a folder survive a loss of power, where the system can open folders. */
  private static void syncFolder(@Nullable Path folder) throws IOException {
    if (folder != null && isPosix(folder)) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static void restrict(Path path, String permissions) throws IOException {
    if (isPosix(path)) {
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
