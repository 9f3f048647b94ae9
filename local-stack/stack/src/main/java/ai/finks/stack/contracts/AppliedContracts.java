package ai.finks.stack.contracts;

import ai.finks.schemas.SchemaCatalog;
import ai.finks.stack.home.FinksHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The contracts and bindings that a home's stack runs with, apart from the folder that people edit:
 * {@code contracts/000001/{avro,sources}}, one folder per change that was taken in, and {@code
 * contracts/current}, which names the one that counts. That file is replaced as a whole, so a crash
 * leaves the old contracts or the new ones.
 */
public final class AppliedContracts {
  private static final String CURRENT = "current";
  private static final String ORIGIN = "origin";
  private static final String AVRO = "avro";
  private static final String SOURCES = "sources";

  private final Path folder;

  private AppliedContracts(Path folder) {
    this.folder = folder;
  }

  /** Those of a home; nothing is created. */
  public static AppliedContracts of(FinksHome home) {
    return new AppliedContracts(home.contracts());
  }

  /** The number of changes taken in; empty when the home never ran. */
  public Optional<String> version() {
    return read(CURRENT);
  }

  /** The folder, with {@code avro/} and {@code sources/}, that the stack runs with. */
  public Optional<Path> current() {
    return version().map(folder::resolve);
  }

  /** The folder that people edit and that contracts are taken from, if one was named. */
  public Optional<Path> origin() {
    return read(ORIGIN).map(Path::of);
  }

  /** Remembers where contracts are taken from. */
  public void rememberOrigin(Path schemas) throws IOException {
    replace(ORIGIN, schemas.toAbsolutePath().normalize().toString());
  }

  /** Whether a folder's contracts or bindings are others than those that the stack runs with. */
  public boolean differFrom(Path schemas) throws IOException {
    Optional<Path> current = current();
    return current.isEmpty() || !texts(current.get()).equals(texts(schemas));
  }

  /**
   * Copies a folder's contracts and bindings, to be {@link #activate activated} later.
   *
   * @return the copy's version
   */
  public String stage(Path schemas) throws IOException {
    int next = 1 + version().map(Integer::parseInt).orElse(0);
    String version = String.format("%06d", next);
    Path copy = folder.resolve(version);
    delete(copy);
    Files.createDirectories(copy.resolve(AVRO));
    Files.createDirectories(copy.resolve(SOURCES));
    for (var text : texts(schemas).entrySet()) {
      Files.writeString(copy.resolve(text.getKey()), text.getValue());
    }
    return version;
  }

  /** The contracts of a version. */
  public SchemaCatalog load(String version) {
    return SchemaCatalog.load(path(version));
  }

  /** The folder of a version. */
  public Path path(String version) {
    return folder.resolve(version);
  }

  /** From now on this version is what the stack runs with. */
  public void activate(String version) throws IOException {
    replace(CURRENT, version);
  }

  private Optional<String> read(String name) {
    try {
      return Optional.of(Files.readString(folder.resolve(name)).strip());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void replace(String name, String text) throws IOException {
    Files.createDirectories(folder);
    Path fresh = folder.resolve(name + ".tmp");
    Files.writeString(fresh, text + "\n");
    Files.move(fresh, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  /** The files' texts by their place below the folder. */
  private static SortedMap<String, String> texts(Path schemas) throws IOException {
    SortedMap<String, String> texts = new TreeMap<>();
    for (String part : List.of(AVRO, SOURCES)) {
      if (!Files.isDirectory(schemas.resolve(part))) {
        continue;
      }
      try (Stream<Path> files = Files.list(schemas.resolve(part))) {
        for (Path file : (Iterable<Path>) files::iterator) {
          String name = file.getFileName().toString();
          if (!name.startsWith(".") && Files.isRegularFile(file)) {
            texts.put(part + "/" + name, Files.readString(file));
          }
        }
      }
    }
    return texts;
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
