package ai.finks.flink.bronze.io;

import ai.finks.flink.table.StreamPartition;
import java.util.Arrays;
import java.util.Objects;

/**
 * An object of Bronze that is written, but not visible yet: what the ledger will say of it, and
 * what the file system needs to make it visible.
 */
final class PendingObject {
  private final String path;
  private final String source;
  private final String runId;
  private final StreamPartition partition;
  private final ObjectContent content;
  private final byte[] recoverable;

  /**
   * @param path below Bronze's root
   * @param source of the records; empty for undecodable values
   * @param runId of the records; empty for undecodable values
   * @param recoverable the file system's own description, as {@link ObjectFiles} wrote it
   */
  PendingObject(
      String path,
      String source,
      String runId,
      StreamPartition partition,
      ObjectContent content,
      byte[] recoverable) {
    this.path = path;
    this.source = source;
    this.runId = runId;
    this.partition = partition;
    this.content = content;
    this.recoverable = recoverable;
  }

  String path() {
    return path;
  }

  String folder() {
    return path.substring(0, path.lastIndexOf('/'));
  }

  String source() {
    return source;
  }

  String runId() {
    return runId;
  }

  StreamPartition partition() {
    return partition;
  }

  ObjectContent content() {
    return content;
  }

  byte[] recoverable() {
    return recoverable;
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof PendingObject)) {
      return false;
    }
    PendingObject that = (PendingObject) other;
    return path.equals(that.path)
        && source.equals(that.source)
        && runId.equals(that.runId)
        && partition.equals(that.partition)
        && content.equals(that.content)
        && Arrays.equals(recoverable, that.recoverable);
  }

  @Override
  public int hashCode() {
    return Objects.hash(path, partition);
  }

  @Override
  public String toString() {
    return path;
  }
}
