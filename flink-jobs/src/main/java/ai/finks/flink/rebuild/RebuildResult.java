package ai.finks.flink.rebuild;

import ai.finks.flink.silver.io.PipelineTable;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** What a rebuild of one entity has put in place. */
public final class RebuildResult {
  private final String entity;
  private final String rebuildId;
  private final long records;
  private final Map<PipelineTable, Long> rows;

  RebuildResult(String entity, String rebuildId, long records, EnumMap<PipelineTable, Long> rows) {
    this.entity = entity;
    this.rebuildId = rebuildId;
    this.records = records;
    this.rows = Collections.unmodifiableMap(rows);
  }

  public String entity() {
    return entity;
  }

  /** As the snapshots' summaries have it. */
  public String rebuildId() {
    return rebuildId;
  }

  /** Raw records that the tables come from now. */
  public long records() {
    return records;
  }

  /** Rows of the entity per table. */
  public Map<PipelineTable, Long> rows() {
    return rows;
  }
}
