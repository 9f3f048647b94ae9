package ai.finks.bench.variant;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** The process of one variant: {@code SETUP_FILE}. */
public final class VariantMain {
  private VariantMain() {}

  public static void main(String[] arguments) {
    VariantProcess.main(arguments, VariantMain::run);
  }

  private static void run(VariantSetup setup) throws Exception {
    try (Variant variant = Variants.open(setup)) {
      List<Lap> laps = new ArrayList<>();
      long start = VariantProcess.jvmStart();
      for (int lap = 1; lap <= setup.laps(); lap++) {
        Files.createDirectories(setup.lap(lap));
        laps.add(variant.run(lap, start));
        System.out.println("lap " + lap + ": " + laps.get(lap - 1));
        start = System.nanoTime();
      }
      VariantResult.of(laps).store(setup.resultFile());
    }
  }
}
