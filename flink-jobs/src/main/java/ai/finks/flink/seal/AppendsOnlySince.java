package ai.finks.flink.seal;

import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.encryption.EncryptionManager;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;
import org.jspecify.annotations.Nullable;

/**
 * Lets a commit through only if nothing but appends has come to the table since a snapshot. Asked
 * inside the commit, about the very metadata that the catalog compares with.
 *
 * <p>Needed where a key may have versions in several periods: of two replacements that do not see
 * each other's rows, each could mark its version as the only newest one.
 */
public final class AppendsOnlySince implements TableOperations {
  private final TableOperations operations;
  private final long snapshotId;

  private AppendsOnlySince(TableOperations operations, long snapshotId) {
    this.operations = operations;
    this.snapshotId = snapshotId;
  }

  /**
   * The table, whose commits fail with a {@link ValidationException} as soon as another kind of
   * change has come in, or the snapshot is no ancestor any more.
   */
  public static Table guard(Table table, long snapshotId) {
    TableOperations operations = ((HasTableOperations) table).operations();
    return new BaseTable(new AppendsOnlySince(operations, snapshotId), table.name());
  }

  @Override
  public void commit(TableMetadata base, TableMetadata updated) {
    Snapshot snapshot = base.currentSnapshot();
    while (snapshot != null && snapshot.snapshotId() != snapshotId) {
      if (!isPlainAppend(snapshot)) {
        throw new ValidationException(
            "Snapshot %s of %s came in meanwhile and is no plain append: %s",
            snapshot.snapshotId(), base.location(), snapshot.summary());
      }
      snapshot = parent(base, snapshot);
    }
    if (snapshot == null) {
      throw new ValidationException(
          "Snapshot %s of %s is no ancestor of the current one any more",
          snapshotId, base.location());
    }
    operations.commit(base, updated);
  }

  /** A replacement of a period that had no rows is an append too, to Iceberg. */
  private static boolean isPlainAppend(Snapshot snapshot) {
    String kind = snapshot.summary().get(SealCommit.KIND);
    return DataOperations.APPEND.equals(snapshot.operation())
        && !"seal".equals(kind)
        && !"replay".equals(kind);
  }

  private static @Nullable Snapshot parent(TableMetadata metadata, Snapshot snapshot) {
    Long parent = snapshot.parentId();
    return parent == null ? null : metadata.snapshot(parent);
  }

  @Override
  public TableMetadata current() {
    return operations.current();
  }

  @Override
  public TableMetadata refresh() {
    return operations.refresh();
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
