package ai.finks.flink.table;

import org.apache.iceberg.BaseTable;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether a commit has landed that the catalog says has lost a race. Iceberg would make it
 * again, find its own files gone, and take away the manifests that the landed one needs.
 */
public final class LandedCommits extends ForwardingTableOperations {
  private static final Logger LOG = LoggerFactory.getLogger(LandedCommits.class);

  private LandedCommits(TableOperations operations) {
    super(operations);
  }

  /** The table, whose commits have failed only if they are not there. */
  public static Table of(Table table) {
    TableOperations operations = ((HasTableOperations) table).operations();
    return new BaseTable(new LandedCommits(operations), table.name());
  }

  @Override
  public void commit(TableMetadata base, TableMetadata updated) {
    try {
      operations.commit(base, updated);
    } catch (CommitFailedException failed) {
      Snapshot made = updated.currentSnapshot();
      if (made == null || operations.refresh().snapshot(made.snapshotId()) == null) {
        throw failed;
      }
      LOG.warn("Snapshot {} landed although it failed", made.snapshotId(), failed);
    }
  }
}
