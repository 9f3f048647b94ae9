package ai.finks.flink.seal;

import ai.finks.flink.fault.FaultPoints;
import ai.finks.flink.fault.WallClock;
import ai.finks.flink.table.CommitKind;
import ai.finks.flink.table.LandedCommits;
import ai.finks.flink.table.SnapshotHold;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.expressions.Expression;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes few files of the many small ones that a commit every few seconds leaves in a table beside
 * Silver: quarantine, marks, accounting, redrives, the ledger of Bronze. Its rows stay as they are.
 *
 * <p>Assumptions that its correctness rests on:
 *
 * <ul>
 *   <li>Beside it the table is appended to, files of it are taken away (retention), or all of it is
 *       replaced (rebuild). An append survives. Where a file that is to be taken away here has
 *       gone, the commit fails and all is planned anew: what was removed does not come back.
 *   <li>What is written is read back and compared with what was read, row by row, before it is
 *       published. Nothing of it is known to a snapshot until then: a kill leaves orphans.
 *   <li>Its commit carries no offsets; those of the table are found behind it.
 *   <li>The snapshot that was planned on, and all after it, are held until the commit.
 * </ul>
 */
final class Compaction {
  private static final Logger LOG = LoggerFactory.getLogger(Compaction.class);

  private static final String ID = "finks.compaction-id";
  private static final String NUMBER = "finks.compaction-commit";
  private static final int ATTEMPTS = 10;
  private static final Duration LONGEST_HOLD = Duration.ofDays(1);

  private final Table table;
  private final SmallFiles small;
  private final String id;
  private final Set<List<String>> done = new HashSet<>();
  private int commits;

  /**
   * @param id names its hold, so it begins with {@code seal-}; a new one each time
   * @param leastFiles a partition with fewer small files stays as it is
   */
  Compaction(Table table, String id, int leastFiles) {
    this.table = table;
    this.small = new SmallFiles(table, leastFiles);
    this.id = id;
  }

  /**
   * Compacts the partitions that have enough small files for it.
   *
   * @param rows those of whole partitions
   * @throws ValidationException if others took files away again and again
   */
  CompactionReport run(Expression rows) {
    CompactionReport report = CompactionReport.nothing(table.name());
    int attempts = 0;
    try {
      for (List<SmallFiles.Group> batch = next(rows); !batch.isEmpty(); batch = next(rows)) {
        long snapshotId = table.currentSnapshot().snapshotId();
        SnapshotHold.take(table, id, snapshotId, LONGEST_HOLD, WallClock.utc());
        List<DataFile> written = new CompactionWork(table).write(batch);
        try {
          commit(snapshotId, batch, written);
        } catch (ValidationException | CommitFailedException conflict) {
          written.forEach(file -> table.io().deleteFile(file.location()));
          LOG.info("compaction={} table={} conflict={}", id, table.name(), conflict.getMessage());
          if (++attempts == ATTEMPTS) {
            throw conflict;
          }
          continue;
        }
        batch.forEach(group -> done.add(group.partition()));
        report = report.and(batch, written);
      }
    } finally {
      release();
    }
    return report;
  }

  /** The groups of the next commit, as the table is now. */
  private List<SmallFiles.Group> next(Expression rows) {
    table.refresh();
    return small.batch(rows, done);
  }

  private void commit(long snapshotId, List<SmallFiles.Group> batch, List<DataFile> written) {
    FaultPoints.pass("compact.commit.before");
    String number = Integer.toString(commits++);
    try {
      RewriteFiles rewrite = LandedCommits.of(table).newRewrite().validateFromSnapshot(snapshotId);
      batch.forEach(group -> group.files().forEach(rewrite::deleteFile));
      written.forEach(rewrite::addFile);
      rewrite.set(CommitKind.KEY, CommitKind.COMPACTION).set(ID, id).set(NUMBER, number).commit();
    } catch (RuntimeException failed) {
      // Whatever was thrown, it may have landed, and then these files must never be taken away:
      // look, then decide. If nobody knows, they are orphans.
      table.refresh();
      if (!isThere(number)) {
        throw failed;
      }
      LOG.warn("compaction={} commit={} landed although it failed", id, number, failed);
    }
    FaultPoints.pass("compact.commit.after");
  }

  private boolean isThere(String number) {
    for (Snapshot snapshot : table.snapshots()) {
      if (id.equals(snapshot.summary().get(ID)) && number.equals(snapshot.summary().get(NUMBER))) {
        return true;
      }
    }
    return false;
  }

  private void release() {
    if (!table.refs().containsKey(id)) {
      return;
    }
    try {
      SnapshotHold.release(table, id);
    } catch (RuntimeException e) {
      // What was compacted stands; the tag ends by its age.
      LOG.warn("Tag {} of {} was not removed", id, table.name(), e);
    }
  }

  /** The partition of a file, in words. */
  static List<String> partition(DataFile file) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < file.partition().size(); i++) {
      values.add(String.valueOf(file.partition().get(i, Object.class)));
    }
    return values;
  }
}
