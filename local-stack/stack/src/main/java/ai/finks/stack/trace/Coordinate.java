package ai.finks.stack.trace;

import org.apache.iceberg.data.Record;

/**
 * Where the raw record of a row lies.
 *
 * @param topic raw topic
 * @param streamId the topic's generation
 * @param partition the topic's partition
 * @param offset its offset there
 * @param runId the run that sent it
 */
record Coordinate(String topic, String streamId, int partition, long offset, String runId) {
  static Coordinate of(Record row) {
    return new Coordinate(
        (String) row.getField("_topic"),
        (String) row.getField("_stream_id"),
        (Integer) row.getField("_partition"),
        (Long) row.getField("_offset"),
        (String) row.getField("_run_id"));
  }
}
