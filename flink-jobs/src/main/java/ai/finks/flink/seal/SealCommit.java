package ai.finks.flink.seal;

import ai.finks.flink.fault.FaultPoints;
import ai.finks.flink.table.CommitKind;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.Table;

/** The commit that replaces periods by their sealed files. */
final class SealCommit {
  static final String ID = "finks.seal-id";

  /** Which of the seal's commits it is, from 0. */
  static final String NUMBER = "finks.seal-commit";

  static final String PERIODS = "finks.sealed-periods";

  private SealCommit() {}

  /**
   * Takes away each file that was read and adds each that was written, if those that were read are
   * all still there. Carries no offsets.
   */
  static OverwriteFiles of(SealedLayout layout, long snapshotId, List<PeriodReport> sealed) {
    Table table =
        layout.keyHoldsPeriod()
            ? layout.table()
            : AppendsOnlySince.guard(layout.table(), snapshotId);
    OverwriteFiles commit =
        table.newOverwrite().validateFromSnapshot(snapshotId).validateNoConflictingDeletes();
    for (PeriodReport period : sealed) {
      period.before().forEach(commit::deleteFile);
      period.after().forEach(commit::addFile);
    }
    FaultPoints.pass("seal.commit.planned");
    return commit
        .set(CommitKind.KEY, CommitKind.SEAL)
        .set(
            PERIODS,
            sealed.stream().map(p -> p.period().toString()).collect(Collectors.joining(",")));
  }
}
