package ai.finks.flink.table;

import java.util.Objects;

/**
 * Who commits: the submission of the job, the checkpoint, and whether it comes out of its state.
 */
public final class CommitOrigin {
  private final String job;
  private final String writerId;
  private final long checkpointId;
  private final boolean restored;
  private final boolean claimed;
  private final RunCounts runs;

  private CommitOrigin(
      String job,
      String writerId,
      long checkpointId,
      boolean restored,
      boolean claimed,
      RunCounts runs) {
    this.job = Objects.requireNonNull(job, "job");
    this.writerId = Objects.requireNonNull(writerId, "writerId");
    this.checkpointId = checkpointId;
    this.restored = restored;
    this.claimed = claimed;
    this.runs = runs;
  }

  /** A commit of a checkpoint that this attempt of the job took itself. */
  public static CommitOrigin live(String job, String writerId, long checkpointId) {
    return new CommitOrigin(job, writerId, checkpointId, false, false, RunCounts.none());
  }

  /** A commit found in restored state: it may have reached the table before the restart. */
  public static CommitOrigin restored(String job, String writerId, long checkpointId) {
    return new CommitOrigin(job, writerId, checkpointId, true, false, RunCounts.none());
  }

  /**
   * A commit of a job whose submissions claim the table ({@link Ownership}) ahead of any commit.
   */
  public CommitOrigin afterClaim() {
    return new CommitOrigin(job, writerId, checkpointId, restored, true, runs);
  }

  /** A commit of records that came from these runs. */
  public CommitOrigin of(RunCounts records) {
    return new CommitOrigin(job, writerId, checkpointId, restored, claimed, records);
  }

  public String job() {
    return job;
  }

  public String writerId() {
    return writerId;
  }

  public long checkpointId() {
    return checkpointId;
  }

  public boolean isRestored() {
    return restored;
  }

  RunCounts runs() {
    return runs;
  }

  boolean hasClaimed() {
    return claimed;
  }
}
