package ai.finks.bench.variant;

import ai.finks.bench.host.ParentWatch;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The process of one variant: {@code SETUP_FILE}. */
public final class VariantMain {
  private VariantMain() {}

  public static void main(String[] arguments) {
    ParentWatch.start();
    int exitCode = 1;
    try {
      run(arguments);
      exitCode = 0;
    } catch (Exception e) {
      e.printStackTrace();
    }
    // Whatever threads an engine leaves behind, the work is done or has failed.
    System.exit(exitCode);
  }

  private static void run(String[] arguments) throws Exception {
    VariantSetup setup = VariantSetup.load(Path.of(arguments[0]));
    try (Variant variant = Variants.open(setup)) {
      List<Lap> laps = new ArrayList<>();
      long start = jvmStart();
      for (int lap = 1; lap <= setup.laps(); lap++) {
        Files.createDirectories(setup.lap(lap));
        laps.add(variant.run(lap, start));
        System.out.println("lap " + lap + ": " + laps.get(lap - 1));
        start = System.nanoTime();
      }
      VariantResult.of(laps).store(setup.resultFile());
    }
  }

  /** When this JVM began, on the clock of {@link System#nanoTime}. */
  private static long jvmStart() {
    long age = System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();
    return System.nanoTime() - age * 1_000_000;
  }
}
