package ai.finks.stack.home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * What a home's stack is made of. It is fixed by the first {@code up}, since tables lie where the
 * mode puts them.
 */
public enum HomeMode {
  /** Everything in one process, but for the schema registry; the lake is a folder of the home. */
  EMBEDDED,
  /** Broker, registry, object store and Flink as processes; the lake is behind an S3 API. */
  PROCESSES;

  /** As it is written on the command line and in the home. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The mode of that label, or empty. */
  public static Optional<HomeMode> of(String label) {
    for (HomeMode mode : values()) {
      if (mode.label().equals(label)) {
        return Optional.of(mode);
      }
    }
    return Optional.empty();
  }

  /** The mode that a home was made in, or empty while it is none yet. */
  public static Optional<HomeMode> read(FinksHome home) throws IOException {
    Path file = home.modeFile();
    if (Files.exists(file)) {
      String label = Files.readString(file).trim();
      return Optional.of(
          of(label)
              .orElseThrow(
                  () -> new IOException(file + " names no mode of a home: '" + label + "'")));
    }
    return Files.exists(home.catalogFile()) ? Optional.of(EMBEDDED) : Optional.empty();
  }

  /** Makes it the mode of a home that has none yet. */
  public void write(FinksHome home) throws IOException {
    Files.createDirectories(home.folder());
    Files.writeString(home.modeFile(), label() + "\n");
  }
}
