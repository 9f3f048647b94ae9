package ai.finks.flink.bronze.io;

import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

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

  Duration signOfLife() {
    return signOfLife;
  }
}
