package ai.finks.schemas.lineage;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Ids that follow from what they name, so that telling of a thing twice is telling of it once. */
public final class LineageIds {
  private LineageIds() {}

  /** OpenLineage's id of a run of ours. */
  public static UUID run(String runId) {
    return named("run", runId);
  }

  /** OpenLineage's id of a commit, which is a run of its own. */
  public static UUID commit(String table, long snapshotId) {
    return named("commit", table + "@" + snapshotId);
  }

  private static UUID named(String kind, String name) {
    return UUID.nameUUIDFromBytes(("finks:" + kind + ":" + name).getBytes(StandardCharsets.UTF_8));
  }
}
