package ai.finks.flink.silver.redrive;

import java.util.Locale;

/** What became of a record of the quarantine. */
public enum RedriveState {
  /** It came into Silver, with at least one row. */
  LANDED,
  /** Rows of it came into Silver; other elements of it are in quarantine anew. */
  LANDED_IN_PART,
  /** Silver knew all of it, or something newer. */
  DUPLICATE,
  /** Its binding leaves it out now. */
  FILTERED,
  /** The running job refused it again; it is in quarantine anew, under another coordinate. */
  REFUSED_AGAIN,
  /** Contract and binding of now refuse it still: it was not sent. */
  STILL_REFUSED,
  /** It is no raw record, so nobody can say what to send. */
  UNDECODABLE,
  /** The stream did not take it; the next call tries again. */
  NOT_SENT,
  /** An earlier call has settled it. */
  EARLIER,
  /** It would be sent, if this were not only a question. */
  READY;

  /** As tables and documents name it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
