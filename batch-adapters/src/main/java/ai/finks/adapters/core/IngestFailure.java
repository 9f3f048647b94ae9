package ai.finks.adapters.core;

import org.jspecify.annotations.Nullable;

/**
 * Something that was asked for and did not come, or came and could not be sent.
 *
 * @param unit what was asked for, for example {@code AAPL} or {@code bars.csv line 17}
 * @param reason why, in words; never holds a secret or payload
 * @param status HTTP status of the last answer, null where there was none
 */
public record IngestFailure(String unit, String reason, @Nullable Integer status) {

  /** A failure that no HTTP answer belongs to. */
  public static IngestFailure of(String unit, String reason) {
    return new IngestFailure(unit, reason, null);
  }
}
