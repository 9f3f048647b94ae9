package ai.finks.flink.table;

import java.util.SortedMap;
import org.apache.iceberg.TableMetadata;

/** Decides whether a commit may be made to a table in a given state, and what it then records. */
interface Fence {
  enum Verdict {
    COMMIT,
    ALREADY_THERE
  }

  /**
   * The verdict on that very state of the table.
   *
   * @throws JobStoppedException if this copy of the job must write nothing more
   */
  Verdict judge(TableMetadata base);

  /** What the table must record after the commit to that state. */
  SortedMap<StreamPartition, Long> offsetsAfter(TableMetadata base);

  /** The cumulative counts that the table must record after the commit to that state. */
  SortedMap<StreamPartition, Counts> countsAfter(TableMetadata base);
}
