package ai.finks.flink.table;

import ai.finks.flink.fault.FaultPoints;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.exceptions.CleanableFailure;
import org.apache.iceberg.exceptions.CommitStateUnknownException;

/**
 * Table operations that ask the {@link Fence} about the very metadata that the catalog compares
 * against, so that no writer can slip in between the question and the commit.
 *
 * <p>The verdict is also asked on every refresh: a retry after a lost race ends before it rewrites
 * manifests.
 */
final class FencedTableOperations extends ForwardingTableOperations {

  /** Other stream partitions moved since the summary was made: it must be made again. */
  static final class OffsetsMovedException extends RuntimeException implements CleanableFailure {
    private static final long serialVersionUID = 1;

    OffsetsMovedException() {
      super("other stream partitions of the table moved; the commit is built again");
    }
  }

  private final Fence fence;
  private boolean landed;

  FencedTableOperations(TableOperations operations, Fence fence) {
    super(operations);
    this.fence = fence;
  }

  @Override
  public TableMetadata refresh() {
    TableMetadata base = operations.refresh();
    if (!landed) {
      requireCommit(base);
    }
    return base;
  }

  @Override
  public void commit(TableMetadata base, TableMetadata updated) {
    requireCommit(base);
    Snapshot snapshot = updated.currentSnapshot();
    String written = snapshot == null ? null : snapshot.summary().get(Carrier.OFFSETS);
    if (written == null || !Carrier.parseOffsets(written).equals(fence.offsetsAfter(base))) {
      throw new OffsetsMovedException();
    }
    FaultPoints.pass("table.commit.before");
    operations.commit(base, updated);
    landed = true;
    FaultPoints.pass("table.commit.answer-lost");
  }

  /** An unknown state, because Iceberg then leaves the files that a landed commit refers to. */
  private void requireCommit(TableMetadata base) {
    if (fence.judge(base) == Fence.Verdict.ALREADY_THERE) {
      throw new CommitStateUnknownException(
          new IllegalStateException("an earlier attempt has reached the table"));
    }
  }
}
