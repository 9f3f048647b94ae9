package ai.finks.schemas.binding;

import java.time.Duration;

/** How a source's raw topic is made. */
public final class Stream {

  private final int partitions;
  private final Duration retention;

  Stream(int partitions, Duration retention) {
    this.partitions = partitions;
    this.retention = retention;
  }

  public int partitions() {
    return partitions;
  }

  /** How long the topic keeps records. */
  public Duration retention() {
    return retention;
  }
}
