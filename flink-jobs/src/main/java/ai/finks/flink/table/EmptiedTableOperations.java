package ai.finks.flink.table;

import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.encryption.EncryptionManager;
import org.apache.iceberg.exceptions.CleanableFailure;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;

/**
 * Shows a table as if it held nothing, so that the next commit neither reads nor keeps what it
 * holds. The commit lands only on the very state of the table that this was made for.
 */
final class EmptiedTableOperations implements TableOperations {

  /** The table moved meanwhile; nothing was replaced. */
  static final class TableMovedException extends RuntimeException implements CleanableFailure {
    private static final long serialVersionUID = 1;

    TableMovedException(CommitFailedException cause) {
      super("the table moved while it was about to be replaced; run the same command again", cause);
    }
  }

  private final TableOperations operations;
  private final TableMetadata base;
  private final TableMetadata emptied;
  private boolean landed;

  EmptiedTableOperations(TableOperations operations, TableMetadata base) {
    this.operations = operations;
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

  @Override
  public FileIO io() {
    return operations.io();
  }

  @Override
  public EncryptionManager encryption() {
    return operations.encryption();
  }

  @Override
  public String metadataFileLocation(String fileName) {
    return operations.metadataFileLocation(fileName);
  }

  @Override
  public LocationProvider locationProvider() {
    return operations.locationProvider();
  }

  @Override
  public TableOperations temp(TableMetadata uncommittedMetadata) {
    return operations.temp(uncommittedMetadata);
  }

  @Override
  public long newSnapshotId() {
    return operations.newSnapshotId();
  }

  @Override
  public boolean requireStrictCleanup() {
    return operations.requireStrictCleanup();
  }
}
