package ai.finks.adapters;

/**
 * How far an execution of a run is.
 *
 * @param records records handed to the stream by this execution
 * @param bytes their payload bytes
 * @param unitsDone units that are done, earlier executions included
 * @param units units in all
 */
public record IngestProgress(long records, long bytes, int unitsDone, int units) {}
