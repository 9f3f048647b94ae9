package ai.finks.flink.silver.keys;

import ai.finks.flink.silver.core.PiiKeys;
import ai.finks.schemas.contract.Contract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps Silver's secret keys in a folder that only its owner may read: one file {@value #KEYRING}
 * that holds them wrapped, each under its name ({@link Keyring}). The wrapping key is elsewhere
 * ({@link KeyPlaces}); by default in the folder {@value #WRAPPING_FOLDER} beside.
 *
 * <p>Keys that somebody brings, 64 hexadecimal digits in a file {@code <name>.key} each, are taken
 * into the keyring and their files removed; that is how folders of before there were keyrings come
 * over, too.
 */
public final class KeyDirectory {
  /** If this is set when a keyring is made, it holds the wrapping key: 64 hexadecimal digits. */
  public static final String ENVIRONMENT = "FINKS_WRAPPING_KEY";

  static final String KEYRING = "keyring.json";
  static final String WRAPPING_FOLDER = "wrapping";

  private static final String SUFFIX = ".key";
  private static final int KEY_BYTES = 32;

  private final Path folder;
  private final KeyPlaces places;
  private final boolean hasEnvironmentKey;

  private KeyDirectory(Path folder) {
    this.folder = folder;
    this.places = new KeyPlaces(folder, System::getenv);
    this.hasEnvironmentKey = System.getenv(ENVIRONMENT) != null;
  }

  /**
   * Makes the keys that contracts need and the folder does not hold, and takes keys that were
   * brought into the keyring. Keys that are there stay: a new one would make every token and hash
   * written so far useless. They are on disk, not only written, when this returns. One process at a
   * time.
   *
   * @param written whether an entity's Silver rows were written already, with the keys of its
   *     contract
   * @throws IllegalStateException when a key is missing that rows were written with, or the keyring
   *     does not open; nothing is changed then
   */
  public static void createMissing(
      Path folder, Collection<Contract> contracts, Predicate<String> written) {
    KeyDirectory directory = new KeyDirectory(folder);
    try {
      directory.complete(contracts, written);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write keys into " + folder, e);
    }
  }

  /**
   * Loads the keys of a folder.
   *
   * @throws IllegalStateException when the keyring does not open, saying which key is wrong and
   *     what to do
   * @throws IllegalArgumentException when a file that was brought does not hold a key
   */
  public static PiiKeys load(Path folder) {
    KeyDirectory directory = new KeyDirectory(folder);
    try {
      return PiiKeys.of(directory.all());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read keys from " + folder, e);
    }
  }

  /**
   * Loads the keys of a place: a folder, or {@code aws-secret:NAME}, where the secret's text is the
   * keyring.
   */
  public static PiiKeys load(String place) {
    if (!place.startsWith(KeyPlaces.AWS_SECRET)) {
      return load(Path.of(place));
    }
    Keyring ring =
        Keyring.parse(place, AwsKeys.text(place.substring(KeyPlaces.AWS_SECRET.length())));
    KeyPlaces places = new KeyPlaces(Path.of(""), System::getenv);
    return PiiKeys.of(ring.unwrap(place, places.open(ring.place(), ring.wrappingId())));
  }

  /**
   * Wraps all keys anew, under a new wrapping key. The keys themselves, and with them all tokens
   * and hashes, stay. The keyring is replaced in one step; killed before it, the old wrapping key
   * is the one that counts.
   *
   * @param newPlace where the new wrapping key is; null for where the present one is
   */
  public static KeyRotation rotate(Path folder, @Nullable String newPlace) {
    KeyDirectory directory = new KeyDirectory(folder);
    try {
      return directory.rotate(newPlace);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write keys into " + folder, e);
    }
  }

  private void complete(Collection<Contract> contracts, Predicate<String> written)
      throws IOException {
    Keyring ring = keyring();
    Map<String, byte[]> brought = brought();
    Map<String, byte[]> keys = all(ring, brought);
    Map<String, Set<String>> missing = missing(keys.keySet(), contracts);
    missing.forEach((name, entities) -> refuseIfLost(name, entities, written));
    if (ring == null || !missing.isEmpty() || !brought.isEmpty()) {
      SecureRandom random = new SecureRandom();
      for (String name : missing.keySet()) {
        byte[] key = new byte[KEY_BYTES];
        random.nextBytes(key);
        keys.put(name, key);
      }
      PrivateFiles.createFolder(folder);
      if (ring == null) {
        String place = hasEnvironmentKey ? KeyPlaces.ENVIRONMENT + ENVIRONMENT : newFile();
        write(place, places.open(place, null), keys);
      } else {
        write(ring.place(), places.open(ring.place(), ring.wrappingId()), keys);
      }
    }
    for (String name : brought.keySet()) {
      PrivateFiles.delete(folder.resolve(name + SUFFIX));
    }
  }

  private KeyRotation rotate(@Nullable String newPlace) throws IOException {
    Keyring ring = keyring();
    if (ring == null) {
      throw new IllegalStateException(
          "There is no keyring in " + folder + "; the stack makes one at its first start");
    }
    Map<String, byte[]> keys = all(ring, brought());
    removeUnused(ring.place());
    String place = newPlace == null ? ring.place() : newPlace;
    if (newPlace == null && ring.place().startsWith(KeyPlaces.FILE)) {
      place = newFile();
    }
    WrappingKey wrapping = places.open(place, null);
    if (wrapping.id().equals(ring.wrappingId()) && wrapping instanceof AesWrappingKey) {
      throw new IllegalStateException(
          place
              + " holds the wrapping key of now, "
              + wrapping.id()
              + ". Put the new one at another place and name it: --wrapping PLACE");
    }
    write(place, wrapping, keys);
    removeUnused(place);
    return new KeyRotation(ring.wrappingId(), wrapping.id(), place, keys.keySet());
  }

  /** Every key, whether wrapped or brought. */
  private Map<String, byte[]> all() throws IOException {
    return all(keyring(), brought());
  }

  private Map<String, byte[]> all(@Nullable Keyring ring, Map<String, byte[]> brought) {
    Map<String, byte[]> keys = new TreeMap<>(brought);
    if (ring != null) {
      ring.unwrap(origin(), places.open(ring.place(), ring.wrappingId()))
          .forEach((name, key) -> keys.merge(name, key, (one, other) -> same(name, one, other)));
    }
    return keys;
  }

  private byte[] same(String name, byte[] one, byte[] other) {
    if (!Arrays.equals(one, other)) {
      throw new IllegalStateException(
          String.format(
              "The key '%s' is in the keyring %s, and another one in %s. Remove the file; the"
                  + " keyring's key is the one that rows were written with.",
              name, origin(), folder.resolve(name + SUFFIX)));
    }
    return one;
  }

  private @Nullable Keyring keyring() throws IOException {
    Path file = folder.resolve(KEYRING);
    return Files.exists(file) ? Keyring.parse(origin(), Files.readString(file)) : null;
  }

  private String origin() {
    return folder.resolve(KEYRING).toString();
  }

  private Map<String, byte[]> brought() throws IOException {
    Map<String, byte[]> keys = new TreeMap<>();
    if (!Files.isDirectory(folder)) {
      return keys;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.collect(Collectors.toList())) {
        String name = file.getFileName().toString();
        if (name.endsWith(SUFFIX)) {
          name = name.substring(0, name.length() - SUFFIX.length());
          byte[] key = Hex.parse(Files.readString(file).trim());
          if (key == null) {
            throw new IllegalArgumentException(
                "the key '" + name + "' is not in hexadecimal digits");
          }
          keys.put(name, key);
        }
      }
    }
    return keys;
  }

  /** The names of the keys that are not there, each with the entities that need it. */
  private static Map<String, Set<String>> missing(
      Set<String> there, Collection<Contract> contracts) {
    Map<String, Set<String>> missing = new TreeMap<>();
    for (Contract contract : contracts) {
      for (String name : PiiKeys.namesFor(contract)) {
        if (!there.contains(name)) {
          missing.computeIfAbsent(name, key -> new TreeSet<>()).add(contract.entity());
        }
      }
    }
    return missing;
  }

  private void refuseIfLost(String name, Set<String> entities, Predicate<String> written) {
    Set<String> affected =
        entities.stream().filter(written).collect(Collectors.toCollection(TreeSet::new));
    if (!affected.isEmpty()) {
      throw new IllegalStateException(
          String.format(
              "The key '%s' is missing in %s, but the Silver tables of %s were written with it:"
                  + " tokens and hashes made with another key would match none of theirs."
                  + " Restore %s from its backup, or start with a new home.",
              name, origin(), String.join(", ", affected), folder));
    }
  }

  /** Nothing is relied on that was not read back from the disk. */
  private void write(String place, WrappingKey wrapping, Map<String, byte[]> keys)
      throws IOException {
    Keyring ring = Keyring.wrap(place, wrapping, keys);
    Keyring again = Keyring.parse(origin(), ring.json());
    Map<String, byte[]> opened = again.unwrap(origin(), places.open(place, wrapping.id()));
    keys.forEach(
        (name, key) -> {
          if (!Arrays.equals(key, opened.get(name))) {
            throw new IllegalStateException("The key '" + name + "' cannot be wrapped at " + place);
          }
        });
    PrivateFiles.replace(folder.resolve(KEYRING), ring.json());
  }

  /** A new wrapping key in a file of its own, beside the folder; its place. */
  private String newFile() throws IOException {
    byte[] key = new byte[AesWrappingKey.BYTES];
    new SecureRandom().nextBytes(key);
    PrivateFiles.createFolder(wrappingFolder());
    String name = AesWrappingKey.of(key).id() + SUFFIX;
    PrivateFiles.replace(wrappingFolder().resolve(name), Hex.of(key) + "\n");
    return KeyPlaces.FILE + "../" + WRAPPING_FOLDER + "/" + name;
  }

  private Path wrappingFolder() {
    return folder.toAbsolutePath().normalize().resolveSibling(WRAPPING_FOLDER);
  }

  /** Removes wrapping keys of our making that no keyring needs: of earlier or broken rotations. */
  private void removeUnused(String usedPlace) throws IOException {
    if (!Files.isDirectory(wrappingFolder())) {
      return;
    }
    Path used =
        usedPlace.startsWith(KeyPlaces.FILE)
            ? places.path(usedPlace).toAbsolutePath().normalize()
            : wrappingFolder();
    try (Stream<Path> files = Files.list(wrappingFolder())) {
      for (Path file : files.collect(Collectors.toList())) {
        if (!file.equals(used) && file.getFileName().toString().matches("aes-[0-9a-f]{16}\\.key")) {
          PrivateFiles.delete(file);
        }
      }
    }
  }
}
