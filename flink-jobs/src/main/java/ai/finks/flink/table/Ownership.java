package ai.finks.flink.table;

import ai.finks.flink.fault.WallClock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;

/**
 * Empty commits that say whose a table is: one when a submission of a job starts, before it reads
 * where the table stands, and one from time to time while it has nothing to write.
 *
 * <p>They carry offsets and counts on unchanged. So the newest carrier of an idle table stays
 * young, a second copy sees that the first one lives, and a copy that was replaced learns of it
 * even if neither of them has anything to write.
 */
public final class Ownership {
  private Ownership() {}

  /**
   * Makes the submission the one that writes for its job; does nothing if it is already.
   *
   * @param yieldTo how young a foreign sign of life must be to keep this submission from starting;
   *     zero to take over
   * @param ranBefore whether this submission has claimed the table once, in an earlier attempt
   * @throws FencedException if another submission has replaced this one
   * @throws JobStoppedException if another submission is alive
   */
  public static void claim(Table table, CommitOrigin origin, Duration yieldTo, boolean ranBefore) {
    FencedAppend.commit(
        table, new Claim(table.name(), origin, yieldTo, ranBefore), List.of(), origin);
  }

  /**
   * Shows that the submission lives.
   *
   * @throws FencedException if another submission has replaced this one
   */
  public static void renew(Table table, CommitOrigin origin) {
    FencedAppend.commit(table, new Renewal(table.name(), origin), List.of(), origin);
  }

  /** When the job was last seen in the table, epoch milliseconds; zero if it is forgotten. */
  public static long lastSeenMillis(Table table, String job) {
    Carrier newest =
        Submissions.newest(RecordedOffsets.metadata(table), CommitOrigin.live(job, "", 0));
    return newest == null ? 0 : newest.timestampMillis();
  }

  /** Leaves offsets and counts as they are. */
  private abstract static class SignOfLife implements Fence {
    final String table;
    final CommitOrigin origin;

    SignOfLife(String table, CommitOrigin origin) {
      this.table = table;
      this.origin = origin;
    }

    @Override
    public SortedMap<StreamPartition, Long> offsetsAfter(TableMetadata base) {
      return RecordedOffsets.of(base);
    }

    @Override
    public SortedMap<StreamPartition, Counts> countsAfter(TableMetadata base) {
      return Carrier.newest(base).map(Carrier::counts).orElse(Collections.emptySortedMap());
    }
  }

  private static final class Claim extends SignOfLife {
    private final Duration yieldTo;
    private final boolean ranBefore;

    Claim(String table, CommitOrigin origin, Duration yieldTo, boolean ranBefore) {
      super(table, origin);
      this.yieldTo = yieldTo;
      this.ranBefore = ranBefore;
    }

    @Override
    public Verdict judge(TableMetadata base) {
      Carrier newest = Submissions.newest(base, origin);
      if (newest == null) {
        return Verdict.COMMIT;
      }
      if (newest.writerId().equals(origin.writerId())) {
        return Verdict.ALREADY_THERE;
      }
      if (ranBefore || Submissions.remembers(base, origin)) {
        throw Submissions.replaced(table, base, origin);
      }
      if (newest.timestampMillis() > WallClock.utc().millis() - yieldTo.toMillis()) {
        throw ForeignWriters.isAlive(table, newest, yieldTo);
      }
      return Verdict.COMMIT;
    }
  }

  private static final class Renewal extends SignOfLife {
    Renewal(String table, CommitOrigin origin) {
      super(table, origin);
    }

    @Override
    public Verdict judge(TableMetadata base) {
      if (Submissions.isReplaced(base, origin)) {
        throw Submissions.replaced(table, base, origin);
      }
      return Verdict.COMMIT;
    }
  }
}
