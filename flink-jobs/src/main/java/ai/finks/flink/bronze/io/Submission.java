package ai.finks.flink.bronze.io;

import ai.finks.flink.table.CommitOrigin;
import ai.finks.flink.table.JobStoppedException;
import ai.finks.flink.table.Ownership;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.iceberg.Table;

/** Who writes: one submission of a bronze job, and the topics that are its own. */
public final class Submission implements Serializable {
  private static final long serialVersionUID = 1;

  private final String job;
  private final String writerId;
  private final ArrayList<String> topics;
  private final Duration signOfLife;

  /**
   * @param job name of the job, the same for each of its submissions
   * @param writerId of this submission alone
   * @param signOfLife how long another submission's commit keeps this one from starting; zero to
   *     take over
   */
  public Submission(String job, String writerId, List<String> topics, Duration signOfLife) {
    this.job = job;
    this.writerId = writerId;
    this.topics = new ArrayList<>(topics);
    this.signOfLife = signOfLife;
  }

  public String job() {
    return job;
  }

  public String writerId() {
    return writerId;
  }

  public List<String> topics() {
    return Collections.unmodifiableList(topics);
  }

  /** A commit of a checkpoint; one found in state may have reached the ledger before. */
  CommitOrigin origin(long checkpointId, boolean restored) {
    CommitOrigin origin =
        restored
            ? CommitOrigin.restored(job, writerId, checkpointId)
            : CommitOrigin.live(job, writerId, checkpointId);
    return origin.about(topics).afterClaim();
  }

  /**
   * Makes this submission the one that enters its topics in the ledger: from then on no commit of
   * another one can move where they stand. Does nothing where it has done so already.
   *
   * @param ranBefore whether it has claimed the ledger in an earlier attempt
   * @throws JobStoppedException if another submission is alive and this one does not take over, or
   *     if another one has replaced this one
   */
  void claim(Table ledger, boolean ranBefore) {
    Ownership.claim(ledger, origin(0, false), signOfLife, ranBefore);
  }

  Duration signOfLife() {
    return signOfLife;
  }
}
