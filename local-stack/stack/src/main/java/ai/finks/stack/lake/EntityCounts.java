package ai.finks.stack.lake;

import ai.finks.flink.table.CountKind;
import ai.finks.flink.table.Counts;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Where the records of an entity went, from the committed accounting.
 *
 * @param read raw records
 * @param exploded rows beyond the first of a record
 * @param silver rows kept
 * @param quarantine rows refused
 * @param duplicates rows that brought nothing new
 * @param filtered records that the binding leaves out
 */
public record EntityCounts(
    long read, long exploded, long silver, long quarantine, long duplicates, long filtered) {
  /** Nothing counted yet. */
  public static final EntityCounts NONE = new EntityCounts(0, 0, 0, 0, 0, 0);

  /** The counts of one kind of records. */
  static EntityCounts of(Counts all, CountKind kind) {
    Counts counts = kind.of(all);
    return new EntityCounts(
        counts.get("read"),
        counts.get("exploded"),
        counts.get("silver"),
        counts.get("quarantine"),
        counts.get("duplicates"),
        counts.get("filtered"));
  }

  /** The sum of both. */
  public EntityCounts plus(EntityCounts other) {
    return new EntityCounts(
        read + other.read,
        exploded + other.exploded,
        silver + other.silver,
        quarantine + other.quarantine,
        duplicates + other.duplicates,
        filtered + other.filtered);
  }

  /** Whether every record went exactly one way. */
  public boolean balanced() {
    return read + exploded == silver + quarantine + duplicates + filtered;
  }

  /** The counts by name. */
  public ObjectNode json() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("read", read)
        .put("exploded", exploded)
        .put("silver", silver)
        .put("quarantine", quarantine)
        .put("duplicates", duplicates)
        .put("filtered", filtered);
  }
}
