package ai.finks.bench.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Resident memory of processes, from {@code /proc}; unknown elsewhere. */
final class ResidentMemory {
  private ResidentMemory() {}

  /** The most that one of a process and its descendants has had, in bytes; 0 if unknown. */
  static long largestOf(ProcessHandle process) {
    return Stream.concat(Stream.of(process), process.descendants())
        .mapToLong(handle -> Math.max(0, peakOf(handle.pid())))
        .max()
        .orElse(0);
  }

  /** The most that a process has had, in bytes; -1 if unknown or gone. */
  static long peakOf(long pid) {
    try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
          .findFirst()
          .orElse(-1);
    } catch (IOException | UncheckedIOException e) {
      return -1;
    }
  }
}
