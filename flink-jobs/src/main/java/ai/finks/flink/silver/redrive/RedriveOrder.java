package ai.finks.flink.silver.redrive;

import java.time.Duration;

/** Who wants what redriven. Immutable. */
public final class RedriveOrder {
  private final String entity;
  private final String redriveId;
  private final String requestedBy;
  private final String codeVersion;
  private final Duration patience;

  /**
   * @param redriveId names this call in {@code accounting.redrives}
   * @param requestedBy the user
   * @param codeVersion the version of the code that checks
   * @param patience how long to wait for the silver job to commit what was sent
   */
  public RedriveOrder(
      String entity, String redriveId, String requestedBy, String codeVersion, Duration patience) {
    this.entity = entity;
    this.redriveId = redriveId;
    this.requestedBy = requestedBy;
    this.codeVersion = codeVersion;
    this.patience = patience;
  }

  public String entity() {
    return entity;
  }

  public String redriveId() {
    return redriveId;
  }

  public String requestedBy() {
    return requestedBy;
  }

  public String codeVersion() {
    return codeVersion;
  }

  public Duration patience() {
    return patience;
  }
}
