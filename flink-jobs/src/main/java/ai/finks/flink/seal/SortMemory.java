package ai.finks.flink.seal;

import java.nio.file.Path;

/** What sorting one period may use: so many bytes of memory, and beyond them a scratch folder. */
public final class SortMemory {
  private static final long LEAST_BYTES = 64 << 10;

  private final Path scratch;
  private final long bytes;

  private SortMemory(Path scratch, long bytes) {
    this.scratch = scratch;
    this.bytes = bytes;
  }

  /**
   * @param scratch a folder of this machine that exists; what is left in it by a kill is of no use
   * @param bytes of rows that are held at a time, at least 64 KiB
   */
  public static SortMemory of(Path scratch, long bytes) {
    if (bytes < LEAST_BYTES) {
      throw new IllegalArgumentException("Sorting needs 64 KiB at least, was given " + bytes);
    }
    return new SortMemory(scratch, bytes);
  }

  Path scratch() {
    return scratch;
  }

  long bytes() {
    return bytes;
  }
}
