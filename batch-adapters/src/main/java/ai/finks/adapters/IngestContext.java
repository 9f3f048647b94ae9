package ai.finks.adapters;

import ai.finks.client.RawSink;
import java.nio.file.Path;
import java.time.Clock;

/**
 * What surrounds a run.
 *
 * @param home the home, whose {@code runs} folder holds the journals
 * @param runId the run: a new id begins one, that of an unfinished one resumes it
 * @param sink where the records go; flushed, never closed
 * @param listener hears how it goes
 * @param clock tells the ingest time
 */
public record IngestContext(
    Path home, String runId, RawSink sink, IngestListener listener, Clock clock) {}
