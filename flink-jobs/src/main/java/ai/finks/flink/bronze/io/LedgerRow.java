package ai.finks.flink.bronze.io;

import ai.finks.flink.table.StreamPartition;

/** What the ledger says of one object, but for the range and the time of its commit. */
final class LedgerRow {
  private final String path;
  private final String source;
  private final String runId;
  private final StreamPartition partition;
  private final ObjectContent content;

  /**
   * @param path below the lake's root
   * @param source of the records; empty for undecodable values
   * @param runId of the records; empty for undecodable values
   */
  LedgerRow(
      String path, String source, String runId, StreamPartition partition, ObjectContent content) {
    this.path = path;
    this.source = source;
    this.runId = runId;
    this.partition = partition;
    this.content = content;
  }

  String path() {
    return path;
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

  @Override
  public String toString() {
    return path;
  }
}
