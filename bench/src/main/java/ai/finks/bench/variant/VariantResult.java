package ai.finks.bench.variant;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a variant measured of itself.
 *
 * @param laps in order; the first one is cold
 * @param heapAfterCollectionBytes used heap after a full collection at the end of the last lap
 * @param peakResidentBytes the most memory that the process ever held, 0 where the system does not
 *     tell
 */
public record VariantResult(List<Lap> laps, long heapAfterCollectionBytes, long peakResidentBytes) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static VariantResult of(List<Lap> laps) {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return new VariantResult(
        laps, runtime.totalMemory() - runtime.freeMemory(), readPeakResidentBytes());
  }

  private static long readPeakResidentBytes() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("VmHWM:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) << 10;
        }
      }
    } catch (IOException e) {
      // Only Linux tells.
    }
    return 0;
  }

  void store(Path file) throws IOException {
    JSON.writeValue(file.toFile(), this);
  }

  /** Reads what the variant left. */
  public static VariantResult load(Path file) throws IOException {
    return JSON.readValue(file.toFile(), VariantResult.class);
  }
}
