package ai.finks.simulators.demo;

import java.nio.file.Files;
import java.nio.file.Path;

/** Finds {@code local-stack/demo-data} from anywhere inside the checkout. */
public final class DemoFolder {
  private static final String INSIDE_CHECKOUT = "local-stack/demo-data";

  private DemoFolder() {}

  /**
   * The demo-data folder of the checkout that a folder lies in.
   *
   * @throws IllegalArgumentException if neither the folder nor one above it has demo data
   */
  public static Path above(Path start) {
    for (Path at = start.toAbsolutePath().normalize(); at != null; at = at.getParent()) {
      Path candidate = at.resolve(INSIDE_CHECKOUT);
      if (Files.isRegularFile(candidate.resolve(DemoBars.FILE_NAME))) {
        return candidate;
      }
    }
    throw new IllegalArgumentException("no " + INSIDE_CHECKOUT + " in or above " + start);
  }

  /** The demo-data folder of the checkout that the working directory lies in, as in a build. */
  public static Path ofCheckout() {
    return above(Path.of(""));
  }
}
