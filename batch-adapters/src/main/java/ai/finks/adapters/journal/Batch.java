package ai.finks.adapters.journal;

import java.util.Map;

/**
 * What the envelopes of a unit's records have in common. It is written down before the first record
 * is sent and never changes, so that a record that is sent again is the same record.
 *
 * @param id the records' batch id
 * @param ingestTimeMicros the records' ingest time, UTC microseconds; later units have later ones
 * @param attributes the records' attributes
 */
public record Batch(String id, long ingestTimeMicros, Map<String, String> attributes) {

  public Batch {
    attributes = Map.copyOf(attributes);
  }
}
