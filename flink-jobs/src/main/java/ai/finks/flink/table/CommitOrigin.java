package ai.finks.flink.table;

import java.util.Collection;
import java.util.Objects;
import java.util.Set;

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
  private final Set<String> topics;

  private CommitOrigin(
      String job,
      String writerId,
      long checkpointId,
      boolean restored,
      boolean claimed,
      RunCounts runs,
      Set<String> topics) {
    this.job = Objects.requireNonNull(job, "job");
    this.writerId = Objects.requireNonNull(writerId, "writerId");
    this.checkpointId = checkpointId;
    this.restored = restored;
    this.claimed = claimed;
    this.runs = runs;
    this.topics = topics;
  }

  /** A commit of a checkpoint that this attempt of the job took itself. */
  public static CommitOrigin live(String job, String writerId, long checkpointId) {
    return new CommitOrigin(job, writerId, checkpointId, false, false, RunCounts.none(), Set.of());
  }

  /** A commit found in restored state: it may have reached the table before the restart. */
  public static CommitOrigin restored(String job, String writerId, long checkpointId) {
    return new CommitOrigin(job, writerId, checkpointId, true, false, RunCounts.none(), Set.of());
  }

  /**
   * A commit of a job whose submissions claim the table ({@link Ownership}) ahead of any commit.
   */
  public CommitOrigin afterClaim() {
    return new CommitOrigin(job, writerId, checkpointId, restored, true, runs, topics);
  }

  /** A commit of records that came from these runs. */
  public CommitOrigin of(RunCounts records) {
    return new CommitOrigin(job, writerId, checkpointId, restored, claimed, records, topics);
  }

  /**
   * A commit of a submission that takes care of these topics alone: others of its job that share
   * none of them are neither replaced by it nor yielded to.
   */
  public CommitOrigin about(Collection<String> some) {
    return new CommitOrigin(job, writerId, checkpointId, restored, claimed, runs, Set.copyOf(some));
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

  Set<String> topics() {
    return topics;
  }

  RunCounts runs() {
    return runs;
  }

  boolean hasClaimed() {
    return claimed;
  }
}
