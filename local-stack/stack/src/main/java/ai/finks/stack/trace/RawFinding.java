package ai.finks.stack.trace;

import ai.finks.schemas.raw.RawRecord;
import org.jspecify.annotations.Nullable;

/**
 * A raw record, and where it was found.
 *
 * @param from {@code stream} or {@code bronze}
 * @param object the object of Bronze, null for the stream
 * @param record the record, null if its bytes are none
 */
record RawFinding(String from, @Nullable String object, @Nullable RawRecord record) {}
