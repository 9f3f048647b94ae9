package ai.finks.schemas.raw;

import org.jspecify.annotations.Nullable;

/** The outcome of decoding: a record, or the reason why there is none. */
public final class DecodedRecord {

  private final @Nullable RawRecord record;
  private final @Nullable Undecodable problem;

  private DecodedRecord(@Nullable RawRecord record, @Nullable Undecodable problem) {
    this.record = record;
    this.problem = problem;
  }

  public static DecodedRecord of(RawRecord record) {
    return new DecodedRecord(record, null);
  }

  public static DecodedRecord undecodable(Undecodable problem) {
    return new DecodedRecord(null, problem);
  }

  /** The record, or null when the bytes are undecodable. */
  public @Nullable RawRecord record() {
    return record;
  }

  /** Why there is no record, or null when there is one. */
  public @Nullable Undecodable problem() {
    return problem;
  }
}
