package ai.finks.flink.replay;

import ai.finks.flink.table.CommitKind;

/** What the snapshots that a replay commits say about it. They carry no offsets. */
public final class ReplaySummary {
  public static final String KIND = CommitKind.KEY;

  /** The value of {@link #KIND}. */
  public static final String REPLAY = CommitKind.REPLAY;

  public static final String ID = "finks.replay-id";

  /** Names one attempt to replace periods: whether it landed is told by nothing else. */
  public static final String COMMIT = "finks.replay-commit";

  /** What was read: {@code topic@streamId/partition[from,to)}, separated by blanks. */
  public static final String RANGES = "finks.replay-ranges";

  public static final String ORIGIN = "finks.replay-origin";
  public static final String CODE_VERSION = "finks.code-version";
  public static final String CONTRACT_VERSION = "finks.contract-version";

  private ReplaySummary() {}
}
