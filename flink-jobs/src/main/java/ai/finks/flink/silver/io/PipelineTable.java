package ai.finks.flink.silver.io;

import ai.finks.flink.table.LakeTables;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * The tables that one pipeline writes, in the order in which a checkpoint is committed to them:
 * Silver last, so that what is in Silver is accounted for and its refusals and marks are there.
 */
public enum PipelineTable {
  QUARANTINE,
  MARKS,
  ACCOUNTING,
  SILVER;

  public TableIdentifier identifier(String entity) {
    switch (this) {
      case QUARANTINE:
        return LakeTables.quarantine(entity);
      case MARKS:
        return LakeTables.marks(entity);
      case ACCOUNTING:
        return LakeTables.ACCOUNTING;
      default:
        return LakeTables.silver(entity);
    }
  }

  /** Whether other pipelines write the table too. */
  public boolean isShared() {
    return this == ACCOUNTING;
  }
}
