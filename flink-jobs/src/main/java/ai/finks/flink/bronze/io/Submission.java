package ai.finks.flink.bronze.io;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Who writes: one submission of a bronze job, and the topics that are its own. */
public final class Submission implements Serializable {
  private static final long serialVersionUID = 1;

  private final String job;
  private final String writerId;
  private final ArrayList<String> topics;

  /**
   * @param job name of the job, the same for each of its submissions
   * @param writerId of this submission alone
   */
  public Submission(String job, String writerId, List<String> topics) {
    this.job = job;
    this.writerId = writerId;
    this.topics = new ArrayList<>(topics);
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
}
