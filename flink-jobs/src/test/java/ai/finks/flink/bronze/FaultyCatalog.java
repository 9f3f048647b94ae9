package ai.finks.flink.bronze;

import ai.finks.flink.table.CatalogConfig;
import ai.finks.flink.table.CatalogLoader;
import ai.finks.flink.table.ForwardingTableOperations;
import ai.finks.flink.table.LakeCatalog;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.catalog.TableIdentifier;

/** A catalog whose commits fail on order, before or after they reach the table. */
final class FaultyCatalog extends LakeCatalog {
  /** Commits to let through before the next one fails; negative: none fails. */
  static final AtomicInteger PASSES_BEFORE = new AtomicInteger(-1);

  /** As above, but the failing one has reached the table. */
  static final AtomicInteger PASSES_AFTER = new AtomicInteger(-1);

  private FaultyCatalog(CatalogConfig config) {
    super(build(config, false));
  }

  static CatalogLoader loader(CatalogConfig config) {
    return () -> new FaultyCatalog(config);
  }

  static void reset() {
    PASSES_BEFORE.set(-1);
    PASSES_AFTER.set(-1);
  }

  @Override
  public Table load(TableIdentifier identifier) {
    Table table = super.load(identifier);
    return new BaseTable(new Operations(((HasTableOperations) table).operations()), table.name());
  }

  private static boolean isDue(AtomicInteger passes) {
    return passes.getAndUpdate(left -> left < 0 ? left : left - 1) == 0;
  }

  private static final class Operations extends ForwardingTableOperations {
    Operations(TableOperations operations) {
      super(operations);
    }

    @Override
    public void commit(TableMetadata base, TableMetadata updated) {
      boolean bringsFiles = bringsFiles(updated);
      if (bringsFiles && isDue(PASSES_BEFORE)) {
        throw new IllegalStateException("injected: ahead of the commit");
      }
      super.commit(base, updated);
      if (bringsFiles && isDue(PASSES_AFTER)) {
        throw new IllegalStateException("injected: the commit's answer is lost");
      }
    }

    /** How often a start commits a claim depends on how its subtasks meet. */
    private static boolean bringsFiles(TableMetadata updated) {
      Snapshot snapshot = updated.currentSnapshot();
      return snapshot != null && snapshot.summary().containsKey(SnapshotSummary.ADDED_FILES_PROP);
    }
  }
}
