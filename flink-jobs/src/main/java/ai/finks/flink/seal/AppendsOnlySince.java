package ai.finks.flink.seal;

import ai.finks.flink.table.CommitKind;
import ai.finks.flink.table.ForwardingTableOperations;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.exceptions.ValidationException;
import org.jspecify.annotations.Nullable;

/**
 * Lets a commit through only if nothing but appends has come to the table since a snapshot. Asked
 * inside the commit, about the very metadata that the catalog compares with.
 *
 * <p>Needed where a key may have versions in several periods: of two replacements that do not see
 * each other's rows, each could mark its version as the only newest one.
 */
public final class AppendsOnlySince extends ForwardingTableOperations {
  private final long snapshotId;

  private AppendsOnlySince(TableOperations operations, long snapshotId) {
    super(operations);
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
    return DataOperations.APPEND.equals(snapshot.operation())
        && !CommitKind.is(CommitKind.SEAL, snapshot)
        && !CommitKind.is(CommitKind.REPLAY, snapshot);
  }

  private static @Nullable Snapshot parent(TableMetadata metadata, Snapshot snapshot) {
    Long parent = snapshot.parentId();
    return parent == null ? null : metadata.snapshot(parent);
  }
}
