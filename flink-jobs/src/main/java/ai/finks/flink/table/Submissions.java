package ai.finks.flink.table;

import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.jspecify.annotations.Nullable;

/** Which submissions of a job have written to a table, as far back as its snapshots tell. */
final class Submissions {
  private Submissions() {}

  /**
   * The newest carrier that any submission of the origin's job and topics wrote, or null if there
   * is none.
   */
  static @Nullable Carrier newest(TableMetadata base, CommitOrigin origin) {
    Snapshot snapshot = Carrier.newestSnapshot(base);
    while (snapshot != null) {
      Carrier carrier = Carrier.of(snapshot);
      if (carrier.isOfJobOf(origin)) {
        return carrier;
      }
      snapshot = Carrier.before(base, snapshot);
    }
    return null;
  }

  /** Whether a submission is among the writers that the table still remembers. */
  static boolean remembers(TableMetadata base, CommitOrigin origin) {
    Snapshot snapshot = Carrier.newestSnapshot(base);
    while (snapshot != null) {
      Carrier carrier = Carrier.of(snapshot);
      if (carrier.job().equals(origin.job()) && carrier.writerId().equals(origin.writerId())) {
        return true;
      }
      snapshot = Carrier.before(base, snapshot);
    }
    return false;
  }

  /**
   * Whether another submission of the job has written since this one claimed the table; of those
   * that claim none, nobody is asked. What comes out of state may be ahead of its submission's own
   * claim: then the table must remember that it wrote before.
   */
  static boolean isReplaced(TableMetadata base, CommitOrigin origin) {
    Carrier newest = newest(base, origin);
    return origin.hasClaimed()
        && newest != null
        && !newest.writerId().equals(origin.writerId())
        && (!origin.isRestored() || remembers(base, origin));
  }

  static FencedException replaced(String table, TableMetadata base, CommitOrigin origin) {
    Carrier newest = newest(base, origin);
    return new FencedException(
        String.format(
            "Another submission (%s) of job %s has taken over table %s; this copy (%s) stops and"
                + " writes nothing more.",
            newest == null ? "none that the table remembers" : newest.writerId(),
            origin.job(),
            table,
            origin.writerId()));
  }
}
