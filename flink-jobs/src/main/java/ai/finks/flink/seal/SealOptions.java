package ai.finks.flink.seal;

import java.nio.file.Path;

/** What one seal of a table may use. */
public final class SealOptions {
  private static final long DEFAULT_MEMORY_BYTES = 64L << 20;
  private static final int DEFAULT_THREADS = 2;

  /** So much is written before it is published: what a conflict or a kill may cost. */
  private static final long DEFAULT_COMMIT_BYTES = 8L << 30;

  private final Path scratch;
  private final int threads;
  private final long memoryBytes;
  private final long commitBytes;

  private SealOptions(Path scratch, int threads, long memoryBytes, long commitBytes) {
    if (threads < 1) {
      throw new IllegalArgumentException("A seal needs a thread at least, not " + threads);
    }
    this.scratch = scratch;
    this.threads = threads;
    this.memoryBytes = memoryBytes;
    this.commitBytes = commitBytes;
  }

  /** Two periods at a time, 64 MiB of rows each, spilling to a folder that exists. */
  public static SealOptions of(Path scratch) {
    return new SealOptions(scratch, DEFAULT_THREADS, DEFAULT_MEMORY_BYTES, DEFAULT_COMMIT_BYTES);
  }

  /** So many periods at a time. */
  public SealOptions withThreads(int count) {
    return new SealOptions(scratch, count, memoryBytes, commitBytes);
  }

  /** So many bytes of rows are held per thread; what is more is spilled. */
  public SealOptions withMemory(long bytes) {
    return new SealOptions(scratch, threads, bytes, commitBytes);
  }

  /** A commit is made when so many bytes of files were read for it. */
  public SealOptions withCommitBytes(long bytes) {
    return new SealOptions(scratch, threads, memoryBytes, bytes);
  }

  SortMemory memory() {
    return SortMemory.of(scratch, memoryBytes);
  }

  int threads() {
    return threads;
  }

  long commitBytes() {
    return commitBytes;
  }
}
