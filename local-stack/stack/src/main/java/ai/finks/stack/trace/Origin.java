package ai.finks.stack.trace;

/**
 * What the raw records of many rows have in common.
 *
 * @param topic raw topic
 * @param streamId the topic's generation
 * @param partition the topic's partition
 * @param runId the run that sent them
 */
record Origin(String topic, String streamId, int partition, String runId) {}
