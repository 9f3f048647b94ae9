package ai.finks.flink.table;

import ai.finks.flink.table.FencedTableOperations.OffsetsMovedException;
import java.util.Collection;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.SnapshotUpdate;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds data files and the offsets they come from to a table, in one commit.
 *
 * <p>Assumptions that its correctness rests on:
 *
 * <ul>
 *   <li>The catalog replaces a table's metadata atomically and only if the base is still current
 *       (SQL catalogs do, by a conditional update).
 *   <li>Nobody but a live job's commit writes {@link Carrier#OFFSETS}; maintenance leaves the
 *       newest carrier and everything after it in place.
 *   <li>The files of a range are complete before the range is committed, and one attempt of one job
 *       makes at most one set of files per range.
 *   <li>A range is committed by one submission only, unless it comes out of that submission's state
 *       (savepoint, checkpoint): then it is the same files.
 *   <li>An unknown outcome is never retried blindly: the table is read again, then it is decided.
 * </ul>
 */
public final class FencedAppend {
  /** What became of a commit. */
  public enum Outcome {
    COMMITTED,
    ALREADY_THERE
  }

  private static final Logger LOG = LoggerFactory.getLogger(FencedAppend.class);
  private static final int ATTEMPTS = 50;
  private static final long MAX_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private FencedAppend() {}

  /**
   * Commits the files with their ranges.
   *
   * @param ranges at least one, none empty
   * @throws FencedException if another writer moved one of these stream partitions
   * @throws CommitFailedException if other writers of the table won every race
   */
  public static Outcome commit(
      Table table,
      Map<StreamPartition, OffsetRange> ranges,
      Collection<DataFile> files,
      CommitOrigin origin) {
    return commit(table, new RangeFence(table.name(), ranges, origin), files, origin);
  }

  static Outcome commit(Table table, Fence fence, Collection<DataFile> files, CommitOrigin origin) {
    return commit(
        table.name(),
        ((HasTableOperations) table).operations(),
        fence,
        (operations, asked, base) -> append(table.name(), operations, asked, base, files, origin));
  }

  /** Makes one attempt's commit for a state of the table; it is not committed yet. */
  interface Attempt {
    SnapshotUpdate<?> at(TableOperations operations, Fence fence, TableMetadata base);
  }

  static Outcome commit(String name, TableOperations operations, Fence fence, Attempt commits) {
    for (int attempt = 1; ; attempt++) {
      TableMetadata base = operations.refresh();
      if (fence.judge(base) == Fence.Verdict.ALREADY_THERE) {
        return Outcome.ALREADY_THERE;
      }
      try {
        commits.at(operations, fence, base).commit();
        return Outcome.COMMITTED;
      } catch (OffsetsMovedException | CommitFailedException lostRace) {
        if (attempt == ATTEMPTS) {
          throw lostRace;
        }
        LOG.debug("Commit to {} lost a race, attempt {}", name, attempt);
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(MAX_PAUSE_NANOS));
      } catch (JobStoppedException stopped) {
        throw stopped;
      } catch (RuntimeException unknown) {
        // Whatever the catalog or the network threw, the commit may have landed: look, then decide.
        if (fence.judge(operations.refresh()) == Fence.Verdict.ALREADY_THERE) {
          LOG.warn("Commit to {} landed although it failed", name, unknown);
          return Outcome.COMMITTED;
        }
        throw unknown;
      }
    }
  }

  /**
   * Asks the fence without committing, for callers that have something to do ahead of the commit.
   *
   * @return whether the ranges are in the table already
   * @throws FencedException as {@link #commit} would
   */
  public static boolean isThere(
      Table table, Map<StreamPartition, OffsetRange> ranges, CommitOrigin origin) {
    TableMetadata base = ((HasTableOperations) table).operations().refresh();
    return new RangeFence(table.name(), ranges, origin).judge(base) == Fence.Verdict.ALREADY_THERE;
  }

  private static AppendFiles append(
      String name,
      TableOperations operations,
      Fence fence,
      TableMetadata base,
      Collection<DataFile> files,
      CommitOrigin origin) {
    AppendFiles append =
        new BaseTable(new FencedTableOperations(operations, fence), name).newAppend();
    append.scanManifestsWith(CallerRuns.INSTANCE);
    files.forEach(append::appendFile);
    if (!origin.runs().isEmpty()) {
      append.set(RunCounts.SUMMARY, origin.runs().toJson());
    }
    if (!origin.topics().isEmpty()) {
      append.set(Carrier.TOPICS, String.join(",", new TreeSet<>(origin.topics())));
    }
    return append
        .set(Carrier.OFFSETS, Carrier.offsetsJson(fence.offsetsAfter(base)))
        .set(Carrier.COUNTS, Carrier.countsJson(fence.countsAfter(base)))
        .set(Carrier.WRITER_ID, origin.writerId())
        .set(Carrier.JOB, origin.job())
        .set(Carrier.CHECKPOINT_ID, Long.toString(origin.checkpointId()));
  }
}
