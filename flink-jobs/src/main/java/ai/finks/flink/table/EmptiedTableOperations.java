package ai.finks.flink.table;

import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.exceptions.CleanableFailure;
import org.apache.iceberg.exceptions.CommitFailedException;

/**
 * Shows a table as if it held nothing, so that the next commit neither reads nor keeps what it
 * holds. The commit lands only on the very state of the table that this was made for.
 */
final class EmptiedTableOperations extends ForwardingTableOperations {

  /** The table moved meanwhile; nothing was replaced. */
  static final class TableMovedException extends RuntimeException implements CleanableFailure {
    private static final long serialVersionUID = 1;

    TableMovedException(CommitFailedException cause) {
      super("the table moved while it was about to be replaced; run the same command again", cause);
    }
  }

  private final TableMetadata base;
  private final TableMetadata emptied;
  private boolean landed;

  EmptiedTableOperations(TableOperations operations, TableMetadata base) {
    super(operations);
    this.base = base;
    this.emptied = TableReplacement.emptied(base);
  }

  @Override
  public TableMetadata current() {
    return landed ? operations.current() : emptied;
  }

  @Override
  public TableMetadata refresh() {
    return landed ? operations.refresh() : emptied;
  }

  @Override
  public void commit(TableMetadata ignored, TableMetadata updated) {
    try {
      operations.commit(base, updated);
    } catch (CommitFailedException e) {
      throw new TableMovedException(e);
    }
    landed = true;
  }
}
