package ai.finks.flink.table;

import org.apache.iceberg.Snapshot;

/** What kind of commit a snapshot's summary says it is; those of live jobs say none. */
public final class CommitKind {
  /** The summary's key; other modules read it too. */
  public static final String KEY = "finks.kind";

  public static final String COMPACTION = "compaction";
  public static final String REBUILD = "rebuild";
  public static final String REPLAY = "replay";
  public static final String SEAL = "seal";

  private CommitKind() {}

  /** Whether a snapshot is of that kind. */
  public static boolean is(String kind, Snapshot snapshot) {
    return kind.equals(snapshot.summary().get(KEY));
  }
}
